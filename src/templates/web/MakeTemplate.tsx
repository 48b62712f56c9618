import { lazy, Suspense, useState } from "react";
import type { RequestDetail } from "../../requests/contract.ts";
import { t } from "../../web/text/text.ts";
import { TextButton } from "../../web/ui/Button.tsx";
import { draftFrom } from "./template-draft.ts";

const TemplateDialog = lazy(() => import("./TemplateDialog.tsx"));

/** What comes again is written down once: a template of this request. */
export function MakeTemplate({ request }: { request: RequestDetail }) {
  const [open, setOpen] = useState(false);
  return (
    <div data-screen-only>
      <TextButton onClick={() => setOpen(true)}>{t("templates.make")}</TextButton>
      {open && (
        <Suspense fallback={null}>
          <TemplateDialog from={draftFrom(request)} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </div>
  );
}
