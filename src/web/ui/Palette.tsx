import { createSpotlight, Spotlight } from "@mantine/spotlight";
import { type ReactNode, useEffect, useState } from "react";
import "@mantine/core/styles/UnstyledButton.layer.css";
import "@mantine/core/styles/ScrollArea.layer.css";
import "@mantine/core/styles/Input.layer.css";
import "@mantine/core/styles/ModalBase.layer.css";
import "@mantine/core/styles/Modal.layer.css";
import "@mantine/core/styles/Overlay.layer.css";
import "@mantine/core/styles/Paper.layer.css";
import "@mantine/spotlight/styles.layer.css";
import { Icon, type IconName } from "./Icon.tsx";
import styles from "./Palette.module.css";

export interface Command {
  id: string;
  label: string;
  description?: string;
  /** Instead of the label, when a part of it stands out. */
  shown?: ReactNode;
  /** Below the label. */
  note?: ReactNode;
  icon?: IconName;
  keys?: string;
  /** Further words by which it is found. */
  words?: string;
  run: () => void;
}
export interface CommandGroup {
  label: string;
  commands: Command[];
  /** Found by the server already: not filtered again here. */
  found?: boolean;
}

const [store, spotlight] = createSpotlight();

/** What Enter does is the first line. The library marks a line once, and not again when others come before it. */
function useFirstSelected(lines: string): void {
  useEffect(() => {
    const list = document.getElementById(store.getState().listId);
    list?.querySelector("[data-selected]")?.removeAttribute("data-selected");
    if (lines) list?.querySelector("[data-action]")?.setAttribute("data-selected", "true");
    store.updateState((state) => ({ ...state, selected: lines ? 0 : -1 }));
  }, [lines]);
}

/** The command palette: type a few letters, Enter does it. */
export function Palette({
  open,
  onClose,
  groups,
  onQuery,
  label,
  placeholder,
  empty,
}: {
  open: boolean;
  onClose: () => void;
  groups: CommandGroup[];
  onQuery: (query: string) => void;
  label: string;
  placeholder: string;
  empty: string;
}) {
  const [query, setQuery] = useState("");
  const change = (next: string) => {
    setQuery(next);
    onQuery(next);
  };
  useEffect(() => {
    if (open) spotlight.open();
    else spotlight.close();
  }, [open]);
  const wanted = query.trim().toLowerCase();
  const fits = (command: Command) =>
    wanted === "" || `${command.label} ${command.words ?? ""}`.toLowerCase().includes(wanted);
  const shown = groups
    .map((group) => ({ ...group, commands: group.found ? group.commands : group.commands.filter(fits) }))
    .filter((group) => group.commands.length > 0);
  useFirstSelected(open ? shown.flatMap((group) => group.commands.map((command) => command.id)).join() : "");
  return (
    <Spotlight.Root
      store={store}
      query={query}
      onQueryChange={change}
      onSpotlightClose={() => {
        change("");
        onClose();
      }}
      shortcut={null}
      lockScroll={false}
      data-dialog-open
      scrollable
      maxHeight="min(28rem, 70vh)"
      transitionProps={{ duration: 0 }}
      overlayProps={{ className: styles["overlay"] }}
      classNames={{ content: styles["content"], body: styles["body"] }}
      attributes={{ content: { "aria-label": label } }}
    >
      <Spotlight.Search
        placeholder={placeholder}
        aria-label={label}
        leftSection={<Icon name="search" />}
        classNames={{ input: styles["search"] }}
      />
      <Spotlight.ActionsList className={styles["list"]}>
        {shown.map((group) => (
          <Spotlight.ActionsGroup key={group.label} label={group.label} classNames={{ actionsGroup: styles["group"] }}>
            {group.commands.map((command) => (
              <Line key={command.id} command={command} />
            ))}
          </Spotlight.ActionsGroup>
        ))}
        {shown.length === 0 && <Spotlight.Empty>{empty}</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

function Line({ command }: { command: Command }) {
  return (
    <Spotlight.Action onClick={command.run} closeSpotlightOnTrigger classNames={{ action: styles["action"] }}>
      <span className={styles["line"]}>
        <span className={styles["icon"]}>{command.icon && <Icon name={command.icon} />}</span>
        <span className={styles["text"]}>
          <span className={styles["label"]} dir="auto">
            {command.shown ?? command.label}
          </span>
          {command.note && <span className={styles["note"]}>{command.note}</span>}
        </span>
        {command.description && <span className={styles["description"]}>{command.description}</span>}
        {command.keys && <kbd className={styles["keys"]}>{command.keys}</kbd>}
      </span>
    </Spotlight.Action>
  );
}
