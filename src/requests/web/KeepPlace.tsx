import { Component, type ReactNode } from "react";

interface Place {
  element: HTMLElement;
  top: number;
}
const topOf = (element: HTMLElement) => element.getBoundingClientRect().top;

/** The field of the page that somebody types in, if it is in sight. */
function fieldInUse(): HTMLElement | undefined {
  const field = document.activeElement;
  if (!(field instanceof HTMLElement) || !field.matches("main textarea, main input, main select")) return undefined;
  const { top, bottom } = field.getBoundingClientRect();
  return bottom > 0 && top < window.innerHeight ? field : undefined;
}

/**
 * What comes in above what somebody reads does not move it: the element that was first stays where it was, and the page
 * is scrolled by what was added. Still less does the field move in which somebody types. (A class, since only getSnapshotBeforeUpdate looks at the page before it changes.)
 */
export class KeepPlace extends Component<{ first: string | undefined; children: ReactNode }> {
  override getSnapshotBeforeUpdate(before: { first: string | undefined }): Place | undefined {
    const field = fieldInUse();
    if (field) return { element: field, top: topOf(field) };
    if (before.first === this.props.first || before.first === undefined) return undefined;
    const element = document.getElementById(before.first);
    return element ? { element, top: topOf(element) } : undefined;
  }

  override componentDidUpdate(before: { first: string | undefined }, _: unknown, place: Place | undefined): void {
    if (!place?.element.isConnected) return;
    const { element, top } = place;
    const moved = () => topOf(element) - top;
    if (moved() === 0) return;
    // On a phone the page scrolls within its frame, else the window does.
    element.closest("[data-scroll]")?.scrollBy(0, moved());
    window.scrollBy(0, moved());
    // The button that asked for it may be gone: whoever goes on by keyboard goes on here.
    if (document.activeElement === document.body) element.focus({ preventScroll: true });
  }

  override render(): ReactNode {
    return this.props.children;
  }
}
