// What the page hands over: where to ask, and the words in the reader's language.
const configuration = JSON.parse(document.getElementById("editor").dataset.configuration);

export const { endpoint, root, base, language, chosen, version } = configuration;

const plurals = new Intl.PluralRules(language.tag);
const numbers = new Intl.NumberFormat(language.tag, { maximumFractionDigits: 3 });

export function number(value) {
  return numbers.format(value);
}

// A message with its values; `count` chooses the plural form.
export function t(key, values = {}) {
  const message = configuration.words[key];
  const form = typeof message === "string" ? message : (message[plurals.select(values.count)] ?? message.other);
  return form.replaceAll(/\{(\w+)\}/g, (_, name) => (typeof values[name] === "number" ? number(values[name]) : values[name]));
}

// The best of texts with language tags: the first of the order that the site declares.
export function best(labels) {
  const order = language.order.map((one) => one.toLowerCase());
  const rank = ({ tag }) => {
    const given = tag.toLowerCase(); // the store writes tags in small letters
    const place = order.findIndex((one) => given === one || given.startsWith(`${one}-`));
    return place < 0 ? order.length : place;
  };
  return [...labels].sort((one, other) => rank(one) - rank(other))[0];
}
