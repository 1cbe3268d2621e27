// Light or dark: what the reader chose, kept in the browser; runs before the page is painted.
const KEY = "theme";
const root = document.documentElement;

function chosen() {
  try {
    return localStorage.getItem(KEY) ?? "auto";
  } catch {
    return "auto"; // a browser that keeps nothing
  }
}

function keep(theme) {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // the choice lasts as long as the page
  }
}

root.dataset.theme = chosen();
document.addEventListener("DOMContentLoaded", () => {
  for (const radio of document.querySelectorAll("input[name=theme]")) {
    radio.checked = radio.value === root.dataset.theme;
    radio.addEventListener("change", () => {
      root.dataset.theme = radio.value;
      keep(radio.value);
    });
  }
});
