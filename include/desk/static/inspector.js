// The page inspector: move with the keyboard, write corrections from a line, drag a story's start.
(() => {
  const page = document.getElementById("page");
  const bar = document.getElementById("bar");
  const words = document.getElementById("corrections");
  const rows = [...page.querySelectorAll(".row[tabindex]")];
  let chosen = null;

  const number = (row) => Number(row.dataset.line);
  const say = (...lines) => {
    const held = words.value.trimEnd();
    words.value = (held ? held + "\n" : "") + lines.join("\n") + "\n";
    words.scrollTop = words.scrollHeight;
  };
  const choose = (row) => {
    if (chosen) chosen.classList.remove("chosen");
    chosen = row;
    row.classList.add("chosen");
    if (!bar) return;
    bar.hidden = false;
    document.getElementById("bar-line").textContent = "Line " + row.dataset.line;
    document.getElementById("bar-role").value = row.dataset.role;
  };

  // The start that moves to a line: that of the story it is in, or else the next one below.
  const startFor = (row) => {
    const starts = rows.filter((one) => one.dataset.start);
    const above = starts.filter((one) => number(one) < number(row)).pop();
    const below = starts.find((one) => number(one) > number(row));
    return row.dataset.start ? null : below && !above ? below : above;
  };
  const move = (from, to) => {
    if (!from || from === to) return;
    const isFirst = !rows.some((one) => one.dataset.start && number(one) < number(from));
    if (number(to) < number(from)) say(`line ${number(to)} starts`, `line ${number(from)} joins`);
    else if (isFirst) {
      // nothing above to join: what is passed over is no story
      say(`line ${number(to)} starts`);
      rows.filter((one) => number(one) >= number(from) && number(one) < number(to))
        .forEach((one) => say(`line ${number(one)} is other`));
    } else say(`line ${number(from)} joins`, `line ${number(to)} starts`);
  };

  page.addEventListener("keydown", (event) => {
    const at = rows.indexOf(event.target.closest(".row"));
    const step = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1 }[event.key];
    if (at < 0) return;
    if (step && rows[at + step]) {
      event.preventDefault();
      rows[at + step].focus();
    } else if (event.key === "Enter" && event.target.classList.contains("row")) {
      choose(rows[at]);
      if (bar) bar.querySelector("button").focus();
    }
  });
  page.addEventListener("click", (event) => {
    const row = event.target.closest(".row[tabindex]");
    if (row && !event.target.closest("a")) choose(row);
  });

  if (bar) {
    bar.addEventListener("click", (event) => {
      const says = event.target.dataset.says;
      if (!says || !chosen) return;
      const line = `line ${number(chosen)}`;
      if (says === "starts" || says === "joins") say(`${line} ${says}`);
      else if (says === "role") say(`${line} is ${document.getElementById("bar-role").value}`);
      else if (says === "moves") move(startFor(chosen), chosen);
      else if (says === "preview") document.getElementById("correct").requestSubmit();
    });
    bar.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && chosen) chosen.focus();
    });
    let from = null;
    const under = (event) => {
      const found = document.elementFromPoint(event.clientX, event.clientY);
      return found && found.closest(".row[tabindex]");
    };
    page.addEventListener("pointerdown", (event) => {
      if (!event.target.classList.contains("grip")) return;
      event.preventDefault();
      from = event.target.closest(".row");
      page.classList.add("dragging");
    });
    document.addEventListener("pointermove", (event) => {
      if (!from) return;
      page.querySelectorAll(".target").forEach((one) => one.classList.remove("target"));
      const row = under(event);
      if (row) row.classList.add("target");
    });
    document.addEventListener("pointerup", (event) => {
      if (!from) return;
      const to = under(event);
      page.classList.remove("dragging");
      page.querySelectorAll(".target").forEach((one) => one.classList.remove("target"));
      const start = from;
      from = null;
      if (to && to !== start) {
        move(start, to);
        document.getElementById("correct").requestSubmit();
      }
    });
  }
})();
