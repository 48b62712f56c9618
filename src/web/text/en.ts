import { accounts } from "./en/accounts.ts";
import { labels } from "./en/labels.ts";
import { assets } from "./en/assets.ts";
import { audit } from "./en/audit.ts";
import { exports } from "./en/exports.ts";
import { figures } from "./en/figures.ts";
import { imports } from "./en/imports.ts";
import { lists } from "./en/lists.ts";
import { live } from "./en/live.ts";
import { log } from "./en/log.ts";
import { own } from "./en/own.ts";
import { permissionWords } from "./en/permissions.ts";
import { queue } from "./en/queue.ts";
import { reporting } from "./en/reporting.ts";
import { requests } from "./en/requests.ts";
import { settings } from "./en/settings.ts";
import { shell } from "./en/shell.ts";
import { templates } from "./en/templates.ts";
import { undoing } from "./en/undoing.ts";
import { views } from "./en/views.ts";

/** English, the first catalogue: every word on a page, by key. A further language is a file of this shape. */
export const en = {
  ...shell,
  ...accounts,
  ...assets,
  ...labels,
  ...audit,
  ...figures,
  ...requests,
  ...queue,
  ...live,
  ...log,
  ...imports,
  ...lists,
  ...templates,
  ...undoing,
  ...permissionWords,
  ...settings,
  ...views,
  ...exports,
  ...reporting,
  ...own,
};
