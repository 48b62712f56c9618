import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useCompany } from "../../web/CompanyContext.tsx";
import { t } from "../../web/text/text.ts";
import { localDate } from "../../web/zone.ts";
import type { Asset } from "../contract.ts";
import styles from "./AssetPage.module.css";
import { WarrantyEnd } from "./WarrantyEnd.tsx";

/** What is known of an asset; what is not known is not shown. */
export function AssetFacts({ asset }: { asset: Asset }) {
  const { id: company, format, zone } = useCompany();
  const { kind, serialNumber, place, owner, supplier, warrantyEnds, note, endedAt } = asset;
  return (
    <dl className={styles["facts"]}>
      <Fact label={t("assets.kind")}>{t(`assets.kind.${kind}`)}</Fact>
      <Fact label={t("assets.serialNumber")}>{serialNumber}</Fact>
      <Fact label={t("assets.place")}>{place}</Fact>
      <Fact label={t("assets.owner")}>
        {owner && (
          <Link to="/c/$company/requests" params={{ company }} search={{ reporter: owner.id }}>
            {owner.name}
          </Link>
        )}
      </Fact>
      <Fact label={t("assets.supplier")}>{supplier?.name}</Fact>
      <Fact label={t("assets.warrantyEnds")}>{warrantyEnds && <WarrantyEnd date={warrantyEnds} />}</Fact>
      <Fact label={t("assets.use")}>
        {endedAt && t("assets.endedOn", { date: format.dateShort(localDate(new Date(endedAt), zone)) })}
      </Fact>
      <Fact label={t("assets.note")} wide>
        {note}
      </Fact>
    </dl>
  );
}

function Fact({ label, wide, children }: { label: string; wide?: boolean; children: ReactNode }) {
  if (!children) return null;
  return (
    <div className={styles["fact"]}>
      <dt>{label}</dt>
      <dd className={wide ? styles["wide"] : undefined} dir="auto">
        {children}
      </dd>
    </div>
  );
}
