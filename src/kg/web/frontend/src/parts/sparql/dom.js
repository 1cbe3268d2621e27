// Elements, made without markup: what comes from the data is only ever text.
const SVG = "http://www.w3.org/2000/svg";

function filled(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== undefined && value !== null) made.setAttribute(name, value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

export function html(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes = {}, ...children) {
  const rounded = Object.entries(attributes).map(([name, value]) => [name, typeof value === "number" ? +value.toFixed(2) : value]);
  return filled(document.createElementNS(SVG, tag), Object.fromEntries(rounded), children);
}

// A picture as the server draws them: titled, described, its parts links.
export function picture(name, [width, height], title, description, children) {
  const named = { id: `drawn-${name}-title` };
  const described = { id: `drawn-${name}-description` };
  return svg(
    "svg",
    {
      viewBox: `0 0 ${width} ${Math.round(height)}`,
      class: `picture ${name}`,
      role: "group",
      "aria-labelledby": named.id,
      "aria-describedby": described.id,
    },
    svg("title", named, title),
    svg("desc", described, description),
    children,
  );
}

// A picture that can be moved sideways where it is too wide, and what stands below it.
export function figure(drawn, title, ...notes) {
  const region = html("div", { class: "wide-picture", role: "region", "aria-label": title, tabindex: 0 }, drawn);
  return html("figure", { class: "drawn" }, region, html("figcaption", {}, [title, ...notes].filter(Boolean).join(" · ")));
}

export function linked(address, ...children) {
  return address ? svg("a", { href: address }, ...children) : svg("g", {}, ...children);
}

const EAST_ASIAN = 0x1100;

// About how wide a text is: a letter of East Asia is a square, another one half of it and a little.
export function widthOf(text, size) {
  return [...text].reduce((sum, letter) => sum + (letter.codePointAt(0) >= EAST_ASIAN ? size : size * 0.58), 0);
}

export function shortened(text, size, most) {
  if (widthOf(text, size) <= most) return text;
  let kept = [...text];
  while (kept.length > 1 && widthOf(`${kept.join("")}…`, size) > most) kept.pop();
  return `${kept.join("")}…`;
}
