/* What is read on a colour: white on a dark one, nearly black on a light one (WCAG luminance). */

export const inkOn = (colour) => {
  const [r, g, b] = [1, 3, 5].map((k) => { const v = parseInt(colour.slice(k, k + 2), 16) / 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b < 0.179 ? "#fff" : "#15242e";
};
