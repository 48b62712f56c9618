import { Component, type ReactNode } from "react";

/**
 * What comes in above what somebody reads does not move it: the element that was first stays where it was, and the page
 * is scrolled by what was added. (A class, since only getSnapshotBeforeUpdate looks at the page before it changes.)
 */
export class KeepPlace extends Component<{ first: string | undefined; children: ReactNode }> {
  override getSnapshotBeforeUpdate(before: { first: string | undefined }): number | undefined {
    if (before.first === this.props.first || before.first === undefined) return undefined;
    return document.getElementById(before.first)?.getBoundingClientRect().top;
  }

  override componentDidUpdate(before: { first: string | undefined }, _: unknown, top: number | undefined): void {
    const element = top === undefined ? null : document.getElementById(before.first!);
    if (!element) return;
    const moved = () => element.getBoundingClientRect().top - top!;
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
