import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Mapping } from "./contract.ts";
import { guessMapping } from "./guess.ts";

/**
 * Exports as they come: `header = a typical cell > the field it is`. # and @ differ from row to row; the cells say
 * little, so that the names decide.
 */
const exports: Record<string, string> = {
  Freshdesk: `Ticket ID = # > number; Subject = No printer # > subject; Status = Open > state; Priority = Low > priority;
    Source = Email > channel; Type = Incident > kind; Agent = Ann Lee > technician; Group = IT;
    Created time = 2016-02-@ 10:00 > reportedAt; Due by Time = 2016-02-@ 10:00; Resolved time = 2016-02-@ 10:00 > resolvedAt;
    Closed time = 2016-02-@ 10:00 > closedAt; Last update time = 2016-02-@ 10:00 > eventAt;
    Initial response time = 2016-02-@ 10:00 > firstResponseAt; First response time (in hrs) = 00:12:30;
    Resolution time (in hrs) = 1:00:00; Resolution status = Within SLA; Tags = ; Full name = Bo Ek > reporter; Email = bo@x.org`,
  Zendesk: `Id = # > number; Requester = Bo Ek > reporter; Requester id = 99#; Requester external id = ;
    Requester email = b@x.org; Submitter = Cy Fox; Assignee = Ann Lee > technician; Group = IT; Subject = No printer # > subject;
    Tags = x; Status = Solved > state; Priority = High > priority; Via = Mail > channel; Ticket type = Incident > kind;
    Created at = 2016-02-@ 10:00 > reportedAt; Updated at = 2016-02-@ 11:00 > eventAt; Assigned at = 2016-02-@ 10:00;
    Organization = Acme; Due date = ; Initially assigned at = 2016-02-@ 10:00; Solved at = 2016-02-@ 11:00 > resolvedAt;
    Resolution time = 12; First reply time in minutes = 7`,
  Jira: `Summary = No printer # > subject; Issue key = IT-# > number; Issue id = 5# > key; Issue Type = Service Request > kind;
    Status = Waiting for customer > state; Project key = IT; Priority = Highest > priority; Resolution = Done > outcome;
    Assignee = Ann Lee > technician; Reporter = Bo Ek > reporter; Creator = Bo Ek; Created = @/Feb/16 1:16 AM > reportedAt;
    Updated = @/Feb/16 2:16 AM > eventAt; Last Viewed = @/Feb/16 2:16 AM; Resolved = @/Feb/16 1:16 PM > resolvedAt; Due Date = ;
    Description = It does not print, and it did not print before, and nobody knows why # > description`,
  "GLPI, French": `ID = # > number; Titre = Imprimante # > subject; Statut = En cours (Attribué) > state;
    Dernière modification = @-02-2016 10:00 > eventAt; Date d'ouverture = @-02-2016 09:00 > reportedAt;
    Priorité = Très haute > priority; Demandeur - Demandeur = Bo Ek > reporter; Attribué à - Technicien = Ann Lee > technician;
    Catégorie = Réseau > category; Temps de résolution = 2 heures; Source de la demande = Téléphone > channel;
    Date de résolution = @-02-2016 11:00 > resolvedAt; Date de clôture = > closedAt; Éléments associés = PC-7 > asset`,
  "OTRS, German": `Ticket# = 2016022910000# > number; Alter = 3 d; Erstellt = @.02.2016 10:00 > reportedAt;
    Geschlossen = @.02.2016 12:00 > closedAt; Status = erfolgreich geschlossen > state; Priorität = 3 normal > priority;
    Queue = IT; Besitzer = Ann Lee > technician; Kundennummer = K7; Kundenname = Bo Ek; Von = bo@x.org > reporter;
    Betreff = Drucker # > subject`,
  ConnectWise: `Ticket # = # > number; Summary Description = No printer # > subject; Company = Acme; Contact = Bo Ek > reporter;
    Board = Service; Status = -Closed > state; Priority = Priority 3 - Normal Response > priority; Type = Hardware > category;
    Source = Phone > channel; Owner = Ann Lee > technician; Date Entered = 2/@/2016 1:16 PM > reportedAt; Entered By = cfox;
    Last Updated = 2/@/2016 2:16 PM > eventAt; Date Closed = 2/@/2016 3:16 PM > closedAt;
    Date Resolved = 2/@/2016 3:00 PM > resolvedAt; Date Responded = 2/@/2016 1:30 PM > firstResponseAt`,
  Autotask: `Ticket Number = T20160229.0# > number; Ticket Title = No printer # > subject; Company = Acme;
    Contact = Bo Ek > reporter; Status = Complete > state; Priority = High > priority; Queue = Level 1;
    Primary Resource = Ann Lee > technician; Created = 02/@/2016 01:16 PM > reportedAt; Complete Date = 02/@/2016 03:16 PM > resolvedAt;
    Source = Phone > channel; Issue Type = Printer > category; First Response Date Time = 02/@/2016 01:26 PM > firstResponseAt;
    Last Activity Date = 02/@/2016 03:16 PM > eventAt; Configuration Item = PRN-1 > asset`,
  "ServiceNow, German": `Nummer = INC00# > number; Kurzbeschreibung = Drucker # > subject; Anrufer = Bo Ek > reporter;
    Geöffnet = 2016-02-@ 10:00:00 > reportedAt; Status = In Bearbeitung > state; Kategorie = Hardware > category;
    Zuweisungsgruppe = IT; Zugewiesen an = Ann Lee > technician; Aktualisiert = 2016-02-@ 12:00:00 > eventAt;
    Aktualisiert von = ann > eventBy; Priorität = 2 - Hoch > priority; Sys-ID = 9d385017c611228701d22104cc95c3@ > key`,
  "a list somebody keeps, Spanish": `N.º = # > number; Fecha = @/02/2016 > reportedAt; Solicitante = Bo Ek > reporter;
    Problema = La impresora # no imprime > subject; Proveedor = Sistemas SL > supplier; Estado = Pendiente > state;
    Observaciones = se llamó dos veces # > note`,
  "a list somebody keeps, Dutch, without numbers": `Gemeld op = @-2-2016 > reportedAt; Gemeld door = Bo Ek > reporter;
    Omschrijving = Printer # doet het niet > subject; Status = Opgelost > state; Opgelost op = @-2-2016 > resolvedAt`,
};

describe("columns by the names that ticket systems and people give them", () => {
  for (const [name, text] of Object.entries(exports))
    test(name, () => {
      const columns = text.split(";").map((column) => /^\s*(.*?) = (.*?)\s*(?:> (\w+))?$/s.exec(column)!.slice(1));
      const rows = Array.from({ length: 6 }, (_, i) =>
        columns.map(([, cell]) => cell!.replaceAll("#", String(100 + i)).replaceAll("@", String(10 + i))),
      );
      const header = columns.map(([name]) => name!);
      const { mapping } = guessMapping(header, rows);
      const expected = Object.fromEntries(columns.flatMap(([name, , field]) => (field ? [[field, name]] : [])));
      assert.deepEqual([mapping.layout, mapping.columns], ["requests", expected]);
      assert.ok(Mapping.safeParse(mapping).success);
    });
});
