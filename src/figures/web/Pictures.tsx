import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useCompany } from "../../web/CompanyContext.tsx";
import { problemText } from "../../web/problem.ts";
import { t } from "../../web/text/text.ts";
import { Button, TextButton } from "../../web/ui/Button.tsx";
import { Section } from "../../web/ui/Layout.tsx";
import { Notice } from "../../web/ui/Notice.tsx";
import { type Figures, pictures } from "../contract.ts";
import { Drawing } from "./Drawing.tsx";
import { PictureTable } from "./PictureTable.tsx";
import styles from "./Pictures.module.css";
import { type FiguresSearch, type PictureName, pictureQuery } from "./queries.ts";

/** The pictures, side by side where there is room. */
export function Pictures({ figures, search }: { figures: Figures; search: FiguresSearch }) {
  return (
    <div className={styles["pictures"]}>
      {pictures.map((picture) => (
        <Picture key={picture} picture={picture} search={{ ...search, from: figures.from, to: figures.to }} />
      ))}
    </div>
  );
}

function Picture({ picture, search }: { picture: PictureName; search: FiguresSearch & { from: string; to: string } }) {
  const { id: company } = useCompany();
  const [asTable, setAsTable] = useState(false);
  const { box, width } = useWidth();
  const { data, error, refetch } = useQuery(pictureQuery(company, picture, search, width));
  return (
    <Section
      title={data?.title ?? t(`picture.title.${picture}`)}
      id={picture}
      aside={
        data && data.points.length > 0 ? (
          <span data-screen-only>
            <TextButton onClick={() => setAsTable(!asTable)} aria-pressed={asTable}>
              {asTable ? t("picture.asPicture") : t("picture.asTable")}
            </TextButton>
          </span>
        ) : undefined
      }
    >
      <div ref={box} className={styles["room"]}>
        {error && (
          <Notice
            tone="bad"
            title={t("picture.failed")}
            actions={<Button onClick={() => void refetch()}>{t("common.retry")}</Button>}
          >
            {problemText(error)}
          </Notice>
        )}
        {data &&
          (data.points.length === 0 ? (
            <p className={styles["none"]}>{t("picture.empty")}</p>
          ) : asTable ? (
            <PictureTable series={data} />
          ) : (
            <Drawing series={data} />
          ))}
      </div>
    </Section>
  );
}

const step = 20;

/** The width there is, in steps, so that moving an edge by a pixel does not ask for another drawing. */
function useWidth() {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => {
      // In the measure of the letters: on a very wide screen they are larger, and so is the drawing.
      const letter = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
      const room = Math.floor((entry?.contentRect.width ?? 0) / letter / step) * step;
      if (room > 0) setWidth(Math.min(1600, Math.max(280, room)));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { box, width };
}
