import { useNavigate } from "@tanstack/react-router";
import { type MouseEvent, type PointerEvent, useEffect, useRef, useState } from "react";
import { searchOfRows } from "../../requests/web/search.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { t } from "../../web/text/text.ts";
import { insertDrawing } from "../../web/trusted.ts";
import { Note } from "../../web/ui/Layout.tsx";
import { useScheme } from "../../web/ui/Provider.tsx";
import type { Series } from "../contract.ts";
import styles from "./Drawing.module.css";
import { markAt, type Mark } from "./marks.ts";
import { valueOf } from "./PictureTable.tsx";

/** The server's drawing. Touching a mark tells its value and opens its rows; the table is the same by keyboard. */
export function Drawing({ series }: { series: Series }) {
  const { id: company } = useCompany();
  const { dark } = useScheme();
  const navigate = useNavigate();
  const [tip, setTip] = useState<Tipped>();
  const figure = useRef<HTMLDivElement>(null);
  const move = (event: PointerEvent) => {
    const mark = event.target instanceof Element ? markAt(event.target, series) : undefined;
    const frame = figure.current?.getBoundingClientRect();
    setTip(
      mark && frame
        ? { mark, x: event.clientX - frame.left, y: event.clientY - frame.top, width: frame.width }
        : undefined,
    );
  };
  const open = (event: MouseEvent) => {
    const mark = event.target instanceof Element ? markAt(event.target, series) : undefined;
    if (!mark) return;
    void navigate({ to: "/c/$company/requests", params: { company }, search: searchOfRows(mark.cell.rows) });
  };
  return (
    <>
      {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions -- the table view is the keyboard's way */}
      <div
        ref={figure}
        className={styles["figure"]}
        onPointerMove={move}
        onPointerLeave={() => setTip(undefined)}
        onClick={open}
      >
        <Svg svg={series.svg.light} label={series.alternative} shown={dark ? "print" : "always"} />
        {dark && <Svg svg={series.svg.dark} label={series.alternative} shown="screen" />}
        {tip && <Tip tip={tip} />}
      </div>
      <div className={styles["hint"]} data-screen-only>
        <Note>{t("picture.hint")}</Note>
      </div>
    </>
  );
}

function Svg({ svg, label, shown }: { svg: string; label: string; shown: "always" | "print" | "screen" }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const place = box.current;
    if (!place) return;
    insertDrawing(place, svg);
    // The name stands on the element around it; a title inside would pop up over the marks.
    place.querySelector("svg")?.setAttribute("aria-hidden", "true");
    place.querySelector("title")?.remove();
  }, [svg]);
  // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- an inline drawing, whose marks can be touched
  return <div ref={box} className={styles["svg"]} role="img" aria-label={label} data-shown={shown} />;
}

interface Tipped {
  mark: Mark;
  x: number;
  y: number;
  /** Of the drawing: in its right half the tip stands to the left. */
  width: number;
}

function Tip({ tip: { mark, x, y, width } }: { tip: Tipped }) {
  const { format } = useCompany();
  const { cell, column, point } = mark;
  return (
    <div
      className={styles["tip"]}
      style={{ top: y, left: x }}
      data-left={x > width / 2 || undefined}
      aria-hidden="true"
    >
      <strong>{point.label}</strong>
      <span>
        {column.label}: {cell.value === null ? t("picture.noValue") : valueOf(cell.value, column.unit, format)}
      </span>
      {column.unit !== "count" && (
        <span className={styles["basis"]}>{t("picture.basis", { n: cell.n, unknown: cell.unknown })}</span>
      )}
    </div>
  );
}
