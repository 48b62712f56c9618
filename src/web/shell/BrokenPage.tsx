import type { ErrorComponentProps } from "@tanstack/react-router";
import { CallError } from "../call.ts";
import { problemText } from "../problem.ts";
import { t } from "../text/text.ts";
import { Button } from "../ui/Button.tsx";
import { PlainFrame } from "./PlainFrame.tsx";

/** A page that could not be shown at all: the server away, or a file of an older version gone. */
export function BrokenPage({ error }: ErrorComponentProps) {
  const known = error instanceof CallError;
  return (
    <PlainFrame title={t("error.pageTitle")}>
      <p role="alert">{known ? problemText(error) : t("error.newVersion")}</p>
      <div>
        <Button look="main" onClick={() => location.reload()}>
          {t("common.reload")}
        </Button>
      </div>
    </PlainFrame>
  );
}
