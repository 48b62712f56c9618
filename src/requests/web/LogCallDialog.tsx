import { useNavigate } from "@tanstack/react-router";
import { useCompany } from "../../web/CompanyContext.tsx";
import { t } from "../../web/text/text.ts";
import { Dialog } from "../../web/ui/Dialog.tsx";
import { notify } from "../../web/ui/notify.ts";
import { LogCallForm } from "./LogCallForm.tsx";

/** The form over whatever page one is on. */
export default function LogCallDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { id: company } = useCompany();
  const navigate = useNavigate();
  return (
    <Dialog title={t("log.title")} open={open} onClose={onClose}>
      <LogCallForm
        onCancel={onClose}
        onDone={({ number }) => {
          onClose();
          notify({
            text: t("log.done", { number: String(number) }),
            action: {
              label: t("log.open"),
              run: () =>
                void navigate({ to: "/c/$company/requests/$request", params: { company, request: String(number) } }),
            },
          });
        }}
      />
    </Dialog>
  );
}
