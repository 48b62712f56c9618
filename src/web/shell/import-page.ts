import type { ComponentType } from "react";

/** The import page is a part of its own: it appears in the navigation once its file is there. */
const pages = import.meta.glob<Record<string, ComponentType>>("../../imports/web/ImportPage.tsx");

export const loadImportPage = pages["../../imports/web/ImportPage.tsx"];
export const hasImportPage = loadImportPage !== undefined;
