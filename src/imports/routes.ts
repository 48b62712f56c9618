import type { StoredFile } from "../platform/files.ts";
import type { Mount } from "../platform/http-routes.ts";
import * as mappings from "./contract-mappings.ts";
import * as names from "./contract-names.ts";
import * as contract from "./contract.ts";
import type { SubjectName } from "./contract.ts";
import {
  cancelImport,
  changeMapping,
  chooseSubject,
  decideNames,
  getImport,
  getRefused,
  listDecidedNames,
  listImports,
  listMappings,
  lookAt,
  mapImport,
  readAs,
  removeMapping,
  runImport,
  saveMapping,
  takeNameBack,
  undoImport,
  uploadImport,
  type ImportTools,
} from "./imports.ts";

export function importRoutes(mount: Mount, tools: ImportTools): void {
  const examine = (file: StoredFile, { query }: { query: { fileName: string; subject?: SubjectName | undefined } }) =>
    lookAt(tools, { ...query, file });
  mount.upload(contract.uploadImport, { maxBytes: contract.maxFileBytes, examine }, (ctx, { query, file, examined }) =>
    uploadImport(ctx, { ...query, file, sample: examined }),
  );
  mount(contract.listImports, (ctx, { query }) => listImports(ctx, query));
  mount(contract.getImport, (ctx, { params }) => getImport(ctx, params.import));
  mount(contract.chooseSubject, (ctx, { params, body }) => chooseSubject(ctx, { ...body, id: params.import }));
  mount(contract.mapImport, (ctx, { params, body }) => mapImport(ctx, tools, { id: params.import, mapping: body }));
  mount(contract.runImport, (ctx, { params }) => runImport(ctx, tools, params.import));
  mount(contract.undoImport, (ctx, { params }) => undoImport(ctx, tools, params.import));
  mount(contract.cancelImport, (ctx, { params }) => cancelImport(ctx, tools, params.import));
  mount(mappings.listMappings, async (ctx) => ({ items: await listMappings(ctx) }));
  mount(mappings.saveMapping, (ctx, { body }) => saveMapping(ctx, body));
  mount(mappings.changeMapping, (ctx, { params, body, request }) =>
    changeMapping(ctx, { ...body, id: params.mapping, ifMatch: request.ifMatch }),
  );
  mount(mappings.removeMapping, (ctx, { params, request }) =>
    removeMapping(ctx, { id: params.mapping, ifMatch: request.ifMatch }),
  );
  mount(mappings.readAs, (ctx, { params, body }) => readAs(ctx, { ...body, id: params.import }));
  mount(names.listDecidedNames, async (ctx) => ({ items: await listDecidedNames(ctx) }));
  mount(names.decideNames, async (ctx, { body }) => ({ items: await decideNames(ctx, body.names) }));
  mount(names.takeNameBack, (ctx, { params }) => takeNameBack(ctx, params.decidedName));
  mount.file(contract.getRefused, (ctx, { params, query }) =>
    getRefused(ctx, tools, { id: params.import, format: query.format }),
  );
}
