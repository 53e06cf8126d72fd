// What the console does in the browser besides htmx. Every page works without it, only less live.
"use strict";

// Times are shown in the reader's own zone from the next page on.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && !document.cookie.includes(`bestand_zone=${encodeURIComponent(zone)}`)) {
  document.cookie = `bestand_zone=${encodeURIComponent(zone)}; path=/; max-age=31536000; samesite=lax`;
}

// Light, dark, or as the system has it.
const root = document.documentElement;
const wear = (theme) => {
  theme ? root.setAttribute("data-theme", theme) : root.removeAttribute("data-theme");
  document.querySelectorAll("[data-theme-to]").forEach((button) => {
    button.setAttribute("aria-pressed", String(button.dataset.themeTo === theme));
  });
};
let chosenTheme = "";
try { chosenTheme = localStorage.getItem("theme") ?? ""; } catch { /* Without storage it is as the system has it. */ }
wear(chosenTheme);

const closest = (event, selector) => event.target instanceof Element && event.target.closest(selector);

document.addEventListener("click", async (event) => {
  const menuButton = closest(event, "[data-menu]");
  if (menuButton) {
    const open = menuButton.closest(".menu").toggleAttribute("data-open");
    menuButton.setAttribute("aria-expanded", String(open));
  }
  const themeButton = closest(event, "[data-theme-to]");
  if (themeButton) {
    const theme = themeButton.dataset.themeTo;
    wear(theme);
    try { localStorage.setItem("theme", theme); } catch { /* It lasts for this page. */ }
  }
  const copyButton = closest(event, "[data-copy]");
  if (copyButton) {
    const copied = document.getElementById(copyButton.dataset.copy);
    // Without TLS a browser lends no clipboard, and some ask first; what is selected can still be copied by hand.
    try {
      await navigator.clipboard.writeText(copied.textContent.trim());
    } catch {
      getSelection().selectAllChildren(copied);
      return;
    }
    const said = copyButton.querySelector("[data-said]") ?? copyButton;
    said.textContent = copyButton.dataset.copied;
  }
  if (closest(event, "[data-close-panel]")) closePanel();
});

// The side panel: Escape closes it, and the focus goes back to where it came from.
let opener = null;
function closePanel() {
  const panel = document.getElementById("panel");
  if (!panel || !panel.firstElementChild) return false;
  panel.replaceChildren();
  document.querySelectorAll("tr[aria-selected='true']").forEach((row) => row.setAttribute("aria-selected", "false"));
  document.getElementById(opener)?.focus();
  return true;
}
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && closePanel()) event.preventDefault();
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (event.key === "/" && plain && !closest(event, "input, textarea, select")) {
    const search = document.querySelector("input[type='search']");
    if (search) { event.preventDefault(); search.focus(); search.select(); }
  }
});
document.addEventListener("htmx:after:swap", () => {
  const heading = document.querySelector("#panel [data-focus]");
  if (heading) { heading.removeAttribute("data-focus"); opener = heading.dataset.opener; heading.focus(); }
  countSelected();
});

// How many rows are selected, and what can be done with them.
function countSelected() {
  const bar = document.querySelector("[data-selection]");
  if (!bar) return;
  const count = document.querySelectorAll("input[data-select]:checked").length;
  bar.hidden = count === 0;
  bar.querySelector("[data-count]").textContent = count.toLocaleString(root.lang);
}
document.addEventListener("change", (event) => {
  if (closest(event, "[data-select-all]")) {
    document.querySelectorAll("input[data-select]").forEach((box) => { box.checked = event.target.checked; });
  }
  if (closest(event, "[data-submit]")) event.target.form.requestSubmit();
  countSelected();
});

// What is shown once answers a form; loading it again opens the page named there instead of sending that form twice.
const once = document.querySelector("[data-once]");
if (once) history.replaceState(null, "", once.dataset.once);

// Asks before something that cannot be undone.
document.addEventListener("submit", (event) => {
  const question = event.target.dataset?.ask;
  if (question && !window.confirm(question)) { event.preventDefault(); event.stopImmediatePropagation(); }
}, true);

// What is live is fetched anew when stock has changed, and when the page is looked at again.
if (document.querySelector("[data-live]")) {
  // A browser opens six connections to a host at most, so only the page that is seen keeps one.
  const tell = () => document.body.dispatchEvent(new CustomEvent("stock-changed"));
  let changes = null;
  const listen = () => {
    changes = new EventSource("/live");
    changes.addEventListener("changed", tell);
  };
  if (!document.hidden) listen();
  document.addEventListener("visibilitychange", () => {
    changes?.close();
    changes = null;
    if (!document.hidden) { listen(); tell(); }
  });
}
