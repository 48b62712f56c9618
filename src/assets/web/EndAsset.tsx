import { useMutation, useQueryClient } from "@tanstack/react-query";
import { call } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { problemText } from "../../web/problem.ts";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { notify } from "../../web/ui/notify.ts";
import { type Asset, endAsset, resumeAsset } from "../contract.ts";

/** No longer in use, or in use after all; the first can be taken back at once. */
export function EndAsset({ asset, onDone }: { asset: Asset; onDone: () => void }) {
  const { id: company } = useCompany();
  const client = useQueryClient();
  const params = { company, asset: asset.id };
  const say = async (route: typeof endAsset | typeof resumeAsset, ifMatch?: number) => {
    const { name } = await call(route, { params }, { ifMatch });
    void client.invalidateQueries({ queryKey: ["assets", company] });
    return name;
  };
  const failed = (error: unknown) => notify({ text: problemText(error), tone: "bad" });
  const takeBack = () => void say(resumeAsset).then((name) => notify({ text: t("assets.resumed", { name }) }), failed);
  const act = useMutation({
    mutationFn: () => say(asset.endedAt ? resumeAsset : endAsset, asset.version),
    onSuccess: (name) => {
      if (asset.endedAt) notify({ text: t("assets.resumed", { name }) });
      else notify({ text: t("assets.ended", { name }), action: { label: t("common.undo"), run: takeBack } });
      onDone();
    },
    onError: failed,
  });
  return (
    <Button look="quiet" busy={act.isPending} onClick={() => act.mutate()}>
      {asset.endedAt ? t("assets.resume") : t("assets.end")}
    </Button>
  );
}
