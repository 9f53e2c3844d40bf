/* Elements that are made by hand. */

export function el(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/* Write words in an element that has nothing else, only where they change: what is drawn at every
   frame of a drag else costs style and layout for words that stay. */
export function tell(element, words) {
  const text = element.firstChild;
  if (!text || text.nodeType !== Node.TEXT_NODE || text.nextSibling) element.textContent = words;
  else if (text.data !== words) text.data = words;
}

/* The same for an attribute. */
export function mark(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}
