import { useEffect, useEffectEvent, useState } from "react";

interface Taker {
  take(files: File[]): void;
  hover(over: boolean): void;
  /** Files from the clipboard too. */
  pastes: boolean;
}

/** Who is on the screen and takes files; the last one to come, such as a dialog over the page, gets them. */
const takers: Taker[] = [];

/**
 * Files dropped anywhere on the page, and, where `pastes`, those pasted: a picture of the screen needs no detour over
 * a folder. What a spreadsheet puts on the clipboard is text with a picture of it: that stays text.
 * @returns whether files hang over the page just now
 */
export function useFilesGiven(onFiles: (files: File[]) => void, { pastes = false } = {}): boolean {
  const [over, setOver] = useState(false);
  const take = useEffectEvent(onFiles);
  useEffect(() => {
    const taker: Taker = { take: (files) => take(files), hover: setOver, pastes };
    if (takers.length === 0) listen("addEventListener");
    takers.push(taker);
    return () => {
      takers.splice(takers.indexOf(taker), 1);
      if (takers.length === 0) listen("removeEventListener");
    };
  }, [pastes]);
  return over;
}

function listen(how: "addEventListener" | "removeEventListener"): void {
  window[how]("dragover", hovers as EventListener);
  window[how]("dragleave", leaves as EventListener);
  window[how]("drop", drops as EventListener);
  window[how]("paste", pasted as EventListener);
}

const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;

function hovers(event: DragEvent): void {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  event.dataTransfer!.dropEffect = "copy";
  takers.at(-1)?.hover(true);
}

function leaves(event: DragEvent): void {
  // Null: it left the window, not one element for another.
  if (event.relatedTarget === null) takers.at(-1)?.hover(false);
}

function drops(event: DragEvent): void {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  takers.at(-1)?.hover(false);
  takers.at(-1)?.take([...(event.dataTransfer?.files ?? [])]);
}

function pasted(event: ClipboardEvent): void {
  const data = event.clipboardData;
  const files = [...(data?.files ?? [])];
  if (files.length === 0 || data!.types.includes("text/plain") || !takers.at(-1)?.pastes) return;
  event.preventDefault();
  takers.at(-1)!.take(files.map(named));
}

/** A picture of the screen is called image.png every time: the moment tells them apart. */
function named(file: File): File {
  if (!/^image\.\w+$/.test(file.name)) return file;
  const now = new Date();
  const two = (n: number) => String(n).padStart(2, "0");
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join(".");
  return new File([file], `${day} ${time}${file.name.slice(file.name.lastIndexOf("."))}`, { type: file.type });
}
