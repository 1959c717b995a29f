"use strict";
(() => {
  const root = document.documentElement;
  const kept = (name, value) => {
    try {
      if (value) localStorage.setItem(`newscrawl.${name}`, value);
      return localStorage.getItem(`newscrawl.${name}`);
    } catch { return null; }
  };
  const radios = [...document.querySelectorAll("fieldset input")];
  const language = () => { root.lang = document.getElementById("en").checked ? "en" : "ko"; };
  const own = (navigator.language || "ko").toLowerCase().startsWith("ko") ? "ko" : "en";
  for (const id of [kept("language") || own, kept("theme") || "auto"]) {
    const radio = document.getElementById(id);
    if (radio) radio.checked = true;
  }
  language();
  for (const radio of radios) radio.addEventListener("change", () => { kept(radio.name, radio.id); language(); });

  const tip = document.createElement("div");
  tip.id = "tip";
  tip.hidden = true;
  document.body.append(tip);
  let on = null;
  const leave = () => { if (on) on.classList.remove("on"); on = null; tip.hidden = true; };
  const far = (mark, x, y) => {
    const box = mark.getBoundingClientRect();
    return Math.hypot(Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom));
  };
  const point = (svg, marks, x, y) => {
    const [nearest, distance] = marks.reduce((best, mark) => {
      const d = far(mark, x, y);
      return d < best[1] ? [mark, d] : best;
    }, [null, 24]);
    leave();
    if (!nearest) return;
    on = nearest;
    on.classList.add("on");
    tip.textContent = root.lang === "en" && on.dataset.en || on.dataset.ko;
    tip.hidden = false;
    const box = tip.getBoundingClientRect();
    tip.style.left = `${Math.min(Math.max(4, x - box.width / 2), root.clientWidth - box.width - 4)}px`;
    tip.style.top = `${y - box.height - 14 < 4 ? y + 18 : y - box.height - 14}px`;
  };
  for (const svg of document.querySelectorAll(".plot svg.drawing")) {
    const marks = [...svg.querySelectorAll("title")].map((title) => {
      const mark = title.parentNode;
      mark.dataset.ko = title.textContent;
      title.remove();
      return mark;
    });
    for (const kind of ["pointermove", "pointerdown"]) svg.addEventListener(kind, (event) => point(svg, marks, event.clientX, event.clientY));
    svg.addEventListener("pointerleave", (event) => { if (event.pointerType !== "touch") leave(); });  // a finger leaves as it is lifted
  }
  addEventListener("pointerdown", (event) => { if (!event.target.closest(".drawing")) leave(); });
  addEventListener("scroll", leave, { passive: true });
})();
