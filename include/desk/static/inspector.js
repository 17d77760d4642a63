// The page inspector: move with the keyboard, write corrections from a line, drag a story's start.
(() => {
  const page = document.getElementById("page");
  const bar = document.getElementById("bar");
  const corrections = document.getElementById("corrections");
  const rows = [...page.querySelectorAll(".row[tabindex]")];
  let chosen = null;

  const number = (row) => Number(row.dataset.line);
  const write = (...lines) => {
    const text = corrections.value.trimEnd();
    corrections.value = (text ? text + "\n" : "") + lines.join("\n") + "\n";
    corrections.scrollTop = corrections.scrollHeight;
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
    const starts = rows.filter((item) => item.dataset.start);
    const above = starts.filter((item) => number(item) < number(row)).pop();
    const below = starts.find((item) => number(item) > number(row));
    return row.dataset.start ? null : below && !above ? below : above;
  };
  const move = (from, to) => {
    if (!from || from === to) return;
    const isFirst = !rows.some((item) => item.dataset.start && number(item) < number(from));
    if (number(to) < number(from)) write(`line ${number(to)} starts`, `line ${number(from)} joins`);
    else if (isFirst) {
      // no story above to join: the lines passed over become `other`
      write(`line ${number(to)} starts`);
      rows.filter((item) => number(item) >= number(from) && number(item) < number(to))
        .forEach((item) => write(`line ${number(item)} is other`));
    } else write(`line ${number(from)} joins`, `line ${number(to)} starts`);
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
      if (says === "starts" || says === "joins") write(`${line} ${says}`);
      else if (says === "role") write(`${line} is ${document.getElementById("bar-role").value}`);
      else if (says === "moves") move(startFor(chosen), chosen);
      else if (says === "preview") document.getElementById("correct").requestSubmit();
    });
    bar.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && chosen) chosen.focus();
    });
    let from = null;
    const under = (event) => {
      const element = document.elementFromPoint(event.clientX, event.clientY);
      return element && element.closest(".row[tabindex]");
    };
    page.addEventListener("pointerdown", (event) => {
      if (!event.target.classList.contains("grip")) return;
      event.preventDefault();
      from = event.target.closest(".row");
      page.classList.add("dragging");
    });
    document.addEventListener("pointermove", (event) => {
      if (!from) return;
      page.querySelectorAll(".target").forEach((item) => item.classList.remove("target"));
      const row = under(event);
      if (row) row.classList.add("target");
    });
    document.addEventListener("pointerup", (event) => {
      if (!from) return;
      const to = under(event);
      page.classList.remove("dragging");
      page.querySelectorAll(".target").forEach((item) => item.classList.remove("target"));
      const start = from;
      from = null;
      if (to && to !== start) {
        move(start, to);
        document.getElementById("correct").requestSubmit();
      }
    });
  }
})();
