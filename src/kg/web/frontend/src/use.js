// A button on every program that copies it.
const { copy, copied } = document.getElementById("copy-words").dataset;

for (const program of document.querySelectorAll("[data-program]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button secondary compact";
  button.textContent = copy;
  const title = program.previousElementSibling;
  button.setAttribute("aria-describedby", title.id);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(program.textContent);
      button.textContent = copied;
    } catch {
      getSelection().selectAllChildren(program); // the browser lets nobody write there: the reader copies
    }
  });
  title.after(button);
}
