import { Link } from "@tanstack/react-router";
import { useCompany } from "../../web/CompanyContext.tsx";
import { t } from "../../web/text/text.ts";
import { IconButton } from "../../web/ui/Button.tsx";
import { Note, Unseen } from "../../web/ui/Layout.tsx";
import { type Column, Table, WhereNarrow } from "../../web/ui/Table.tsx";
import { localDate } from "../../web/zone.ts";
import type { Asset } from "../contract.ts";
import styles from "./AssetTable.module.css";
import { WarrantyEnd } from "./WarrantyEnd.tsx";

/** Assets by name; beneath each name what it is and its serial number. */
export function AssetTable({ assets, onEdit }: { assets: Asset[]; onEdit: (asset: Asset) => void }) {
  const { id: company, may } = useCompany();
  const columns: Column<Asset>[] = [
    { key: "name", title: t("common.name"), render: (asset) => <Name asset={asset} /> },
    { key: "place", title: t("assets.place"), width: "18%", wide: true, render: ({ place }) => <Text>{place}</Text> },
    {
      key: "owner",
      title: t("assets.owner"),
      width: "22%",
      render: ({ owner }) =>
        owner && (
          <Link
            to="/c/$company/requests"
            params={{ company }}
            search={{ reporter: owner.id }}
            dir="auto"
            title={t("people.requests")}
            className={styles["text"]}
          >
            {owner.name}
          </Link>
        ),
    },
    {
      key: "supplier",
      title: t("assets.supplier"),
      width: "18%",
      wide: true,
      render: ({ supplier }) => <Text>{supplier?.name}</Text>,
    },
    {
      key: "warranty",
      title: t("assets.warranty"),
      wide: true,
      render: ({ warrantyEnds }) => warrantyEnds && <WarrantyEnd date={warrantyEnds} />,
    },
    ...(may("assets.manage")
      ? [
          {
            key: "edit",
            title: <Unseen>{t("common.actions")}</Unseen>,
            number: true,
            width: "3rem",
            render: (asset: Asset) => (
              <IconButton
                icon="pencil"
                label={t("common.editThing", { thing: asset.name })}
                onClick={() => onEdit(asset)}
              />
            ),
          },
        ]
      : []),
  ];
  return <Table caption={t("nav.assets")} captionHidden columns={columns} rows={assets} rowKey={(one) => one.id} />;
}

function Text({ children }: { children: string | null | undefined }) {
  if (!children) return null;
  return (
    <span className={styles["text"]} dir="auto">
      {children}
    </span>
  );
}

function Name({ asset }: { asset: Asset }) {
  const { id: company, format, zone } = useCompany();
  const { name, kind, serialNumber, place, endedAt } = asset;
  const about = [t(`assets.kind.${kind}`), serialNumber];
  if (endedAt) about.push(t("assets.endedOn", { date: format.dateShort(localDate(new Date(endedAt), zone)) }));
  return (
    <span className={styles["name"]}>
      <Link to="/c/$company/assets/$asset" params={{ company, asset: asset.id }} dir="auto">
        {name}
      </Link>
      <Note as="span">{about.filter(Boolean).join(" · ")}</Note>
      {place && (
        <WhereNarrow>
          <Note as="span">
            <span dir="auto">{place}</span>
          </Note>
        </WhereNarrow>
      )}
    </span>
  );
}
