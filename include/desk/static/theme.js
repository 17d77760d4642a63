// Follow Airflow's theme when shown inside it; else the system's, which the style sheet does alone.
(() => {
  const root = document.documentElement;
  let outside = null;
  try {
    if (window.parent !== window) outside = window.parent.document.documentElement;
  } catch {
    return; // another origin
  }
  if (!outside) return;
  const follow = () => {
    const theme = ["dark", "light"].find((name) => outside.classList.contains(name));
    if (theme) root.dataset.theme = theme;
  };
  follow();
  new MutationObserver(follow).observe(outside, { attributes: true, attributeFilter: ["class"] });
})();
