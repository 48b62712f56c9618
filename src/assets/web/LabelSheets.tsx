import type { CSSProperties } from "react";
import { useCompany } from "../../web/CompanyContext.tsx";
import { t } from "../../web/text/text.ts";
import { QrCode } from "../../web/ui/QrCode.tsx";
import type { Asset } from "../contract.ts";
import { type LabelSheet, labelSheets, laidOut } from "./label-sheets.ts";
import styles from "./LabelSheets.module.css";

/** Sheets as they come out of the printer, without margins of their own: the labels' measures are the sheet's. */
export function LabelSheets({
  assets,
  sheet,
  first,
  linkOf,
}: {
  assets: readonly Asset[];
  sheet: LabelSheet;
  first: number;
  linkOf: (asset: Asset) => string;
}) {
  const { columns, width, height, top, left, gap } = labelSheets[sheet];
  const measures = {
    "--columns": columns,
    "--width": `${width}mm`,
    "--height": `${height}mm`,
    "--top": `${top}mm`,
    "--left": `${left}mm`,
    "--gap": `${gap}mm`,
  } as CSSProperties;
  return (
    <div className={styles["sheets"]}>
      {laidOut(assets, sheet, first).map((labels, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- the sheets of a stack are known by their place alone
        <div key={index} className={styles["sheet"]} style={measures}>
          {labels.map((asset, place) => (
            // oxlint-disable-next-line react/no-array-index-key -- as are the labels
            <div key={place} className={styles["label"]}>
              {asset && <Label asset={asset} link={linkOf(asset)} />}
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}

function Label({ asset, link }: { asset: Asset; link: string }) {
  const { name: company } = useCompany();
  const about = [asset.serialNumber, asset.place].filter(Boolean).join(" · ");
  return (
    <>
      <div className={styles["code"]}>
        <QrCode text={link} label={t("labels.code", { name: asset.name })} />
      </div>
      <div className={styles["words"]}>
        <span className={styles["name"]} dir="auto">
          {asset.name}
        </span>
        {about && (
          <span className={styles["about"]} dir="auto">
            {about}
          </span>
        )}
        <span className={styles["scan"]}>{t("labels.scan")}</span>
        <span className={styles["company"]} dir="auto">
          {company}
        </span>
      </div>
    </>
  );
}
