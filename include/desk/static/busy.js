// Show that work is in progress: judging a page takes about ten seconds.
document.addEventListener("submit", (event) => {
  const button = event.submitter || event.target.querySelector("button");
  const busy = (event.submitter && event.submitter.dataset.busy) || event.target.dataset.busy;
  if (!button || !busy) return;
  button.textContent = busy;
  setTimeout(() => { button.disabled = true; });  // its value is sent first
});
