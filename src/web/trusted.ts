/**
 * The one Trusted Types policy of the pages. Only drawings of our own server pass through it; a browser without
 * Trusted Types gets the string itself.
 */
interface Policy {
  createHTML(text: string): unknown;
}
interface Factory {
  createPolicy(name: string, rules: { createHTML(text: string): string }): Policy;
}

const factory = (globalThis as { trustedTypes?: Factory }).trustedTypes;
const policy: Policy | undefined = factory?.createPolicy("openbook", { createHTML: checkedDrawing });

const forbidden =
  /<(?!\/?(?:svg|g|path|rect|circle|ellipse|line|polyline|polygon|text|tspan|title|desc|defs|clipPath|linearGradient|radialGradient|stop|use|mask|pattern)[\s/>])[a-z!?]|\son\w+\s*=|javascript:|\shref\s*=\s*["']?\s*(?!#)/i;

function checkedDrawing(svg: string): string {
  if (forbidden.test(svg)) throw new TypeError("Not a plain drawing.");
  // Inline style attributes are refused by the Content-Security-Policy; the same properties are attributes of SVG.
  return svg;
}

/** Puts a drawing of the server into an element. A drawing with anything but shapes and text is refused. */
export function insertDrawing(element: Element, svg: string): void {
  element.innerHTML = (policy ? policy.createHTML(svg) : checkedDrawing(svg)) as string;
}
