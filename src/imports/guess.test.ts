import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { ImportField } from "./contract.ts";
import { guessMapping, guessWords } from "./guess.ts";
import { guessChannel, guessKind, guessOutcome, guessPriority, guessState } from "./guess-words.ts";
import { reading } from "./read-fixtures.ts";

type Columns = Partial<Record<ImportField, string>>;

describe("cells, where names say nothing", () => {
  const log = (rows: string[][]) => guessMapping(["a", "b", "c", "d", "e", "f"], rows);
  const states = ["New", "In progress", "Closed"];
  const rows = Array.from({ length: 60 }, (_, i) => {
    const request = Math.floor(i / 3);
    const opened = `2016-02-${10 + (request % 10)} 08:00`;
    return [
      `2016-03-${10 + (request % 10)} 1${i % 3}:00`,
      `R-${request}`,
      opened,
      states[i % 3]!,
      // Counts against the time, so it is no sequence.
      String(9 - (i % 3)),
      String(i % 3),
    ];
  });

  test("an event log: number, time of the event and of the report, counter, state", () => {
    const { mapping, columns } = log(rows);
    assert.deepEqual(
      [mapping.layout, mapping.columns],
      ["events", { number: "b", eventAt: "a", reportedAt: "c", sequence: "f", state: "d" }],
    );
    assert.ok(columns.every(({ confidence }) => confidence <= 0.5));
    assert.deepEqual(log(rows.toReversed()).mapping.columns, mapping.columns);
  });

  test("a date that differs between the rows of a number is the event's, whatever it is called", () => {
    const { mapping } = guessMapping(
      ["Ticket", "Date", "State"],
      rows.map(([time, number, , state]) => [number!, time!, state!]),
    );
    assert.deepEqual(
      [mapping.layout, mapping.columns],
      ["events", { number: "Ticket", eventAt: "Date", state: "State" }],
    );
  });

  test("rows that are merely doubled make no event log", () => {
    const single = rows.filter((_, i) => i % 3 === 0);
    assert.equal(log([...single, ...single.slice(0, 5)]).mapping.layout, "requests");
  });

  test("impact, urgency and priority look alike: none is taken", () => {
    const two = rows.map((row) =>
      [...row.slice(0, 4), "1 - High", "3 - Low"].map((cell, i) => (i > 3 && row[1]!.length % 2 ? "2 - Medium" : cell)),
    );
    assert.equal(log(two).mapping.columns.priority, undefined);
  });

  test("the order of day and month, where the cells prove it", () => {
    assert.equal(
      guessMapping(
        ["Reported", "Closed"],
        [
          ["03/04/2016", "04/04/2016"],
          ["05/04/2016", "29/04/2016"],
        ],
      ).mapping.dateOrder,
      "dmy",
    );
    assert.equal(guessMapping(["Reported"], [["03/04/2016"], ["05/04/2016"]]).mapping.dateOrder, undefined);
    assert.equal(guessMapping(["Reported"], [["2016-04-03"], ["2016-04-05"]]).mapping.dateOrder, undefined);
  });

  test("nothing, next to nothing, and names that are no names", () => {
    assert.deepEqual(guessMapping([], []).mapping, { layout: "requests", columns: {} });
    assert.deepEqual(guessMapping(["__proto__", "constructor"], [["", "x"]]).mapping.columns, {});
    const long = guessMapping(["status ".repeat(20_000), "x".repeat(100_000)], [["1", "2"]]);
    assert.equal(long.columns.length, 2);
  });
});

describe("words", () => {
  test("states: who is waited for only where the word names somebody", () => {
    const meant = (words: string[]) => words.map((word) => Object.values(guessState(word) ?? { none: "?" }).join(" "));
    const open = [
      "New",
      "Active",
      "In Arbeit",
      "Awaiting Problem",
      "Awaiting Evidence",
      "Pending",
      "On Hold",
      "En cours",
      "-100",
      "Waiting for support",
    ];
    assert.deepEqual(
      meant(open),
      open.map(() => "open"),
    );
    const user = [
      "Awaiting User Info",
      "Waiting on Customer",
      "Warten auf Kunde",
      "En attente utilisateur",
      "Pendiente del usuario",
      "Wacht op klant",
      "3 - Awaiting Caller",
    ];
    assert.deepEqual(
      meant(user),
      user.map(() => "open company"),
    );
    const third = [
      "Awaiting Vendor",
      "Waiting for third party",
      "Warten auf Hersteller",
      "En attente fournisseur",
      "Pendiente de proveedor",
      "Pending - Parts",
    ];
    assert.deepEqual(
      meant(third),
      third.map(() => "open third_party"),
    );
    const resolved = [
      "Resolved",
      "SOLVED",
      "Gelöst",
      "erledigt",
      "Résolu",
      "Resuelto",
      "Opgelost",
      "Risolto",
      "Resolvido",
      "6 - Resolved",
    ];
    assert.deepEqual(
      meant(resolved),
      resolved.map(() => "resolved"),
    );
    const closed = [
      "Closed",
      "Geschlossen",
      "Fermé",
      "Cerrado",
      "Gesloten",
      "Chiuso",
      "Fechado",
      ">Closed",
      "closed successful",
    ];
    assert.deepEqual(
      meant(closed),
      closed.map(() => "closed"),
    );
    assert.deepEqual(meant(["Cancelled", "Storniert", "Duplicate", "Closed - Confirmed"]), [
      "closed cancelled",
      "closed cancelled",
      "closed duplicate",
      "closed confirmed",
    ]);
    assert.deepEqual(
      meant(["Blue", "Waiting for Godot", "", "Not resolved", "constructor", "__proto__"]),
      Array(6).fill("?"),
    );
  });

  test("priorities, channels, kinds, outcomes", () => {
    const priorities = [
      "1 - Critical",
      "Urgent",
      "Sehr hoch",
      "2 - High",
      "Hoch",
      "3 - Moderate",
      "Mittel",
      "Priority 3 - Normal Response",
      "4 - Low",
      "5",
      "very low",
      "1 very low",
      "?",
    ];
    assert.deepEqual(priorities.map(guessPriority), [
      "critical",
      "critical",
      "critical",
      "high",
      "high",
      "normal",
      "normal",
      "normal",
      "low",
      "low",
      "low",
      "low",
      undefined,
    ]);
    assert.deepEqual(["Phone", "E-Mail", "Téléphone", "Self-service", "Vor Ort", "Fax"].map(guessChannel), [
      "phone",
      "email",
      "phone",
      "web",
      "walk_up",
      undefined,
    ]);
    assert.deepEqual(["Störung", "Service Request", "Solicitud", "Project"].map(guessKind), [
      "incident",
      "service_request",
      "service_request",
      undefined,
    ]);
    assert.deepEqual(["Won't Fix", "Duplicate", "Done", "code 6"].map(guessOutcome), [
      "cancelled",
      "duplicate",
      "unknown",
      undefined,
    ]);
  });

  test("what is not clear is listed, what the mapping says already stays", () => {
    const { mapping, unknownWords } = guessMapping(
      ["Number", "Status"],
      [
        ["1", "New"],
        ["2", "Triage"],
        ["3", "Closed"],
      ],
    );
    assert.deepEqual([Object.keys(mapping.states!), unknownWords], [["New", "Closed"], { state: ["Triage"] }]);
    mapping.states!["Triage"] = { state: "open" };
    assert.deepEqual(guessWords(mapping, "state", ["Triage", "Parked", "Gelöst", "__proto__"]), [
      "Parked",
      "__proto__",
    ]);
    assert.deepEqual(mapping.states!["Gelöst"], { state: "resolved" });
    assert.equal(Object.getPrototypeOf(mapping.states), Object.prototype);
  });
});

const realData = process.env.OPENBOOK_REAL_DATA;
describe("the real event log", { skip: !realData }, () => {
  const asItIs: Columns = {
    number: "number",
    state: "incident_state",
    reporter: "caller_id",
    reportedAt: "opened_at",
    resolvedAt: "resolved_at",
    closedAt: "closed_at",
    eventAt: "sys_updated_at",
    eventBy: "sys_updated_by",
    sequence: "sys_mod_count",
    channel: "contact_type",
    category: "category",
    asset: "cmdb_ci",
    priority: "priority",
    technician: "assigned_to",
    subject: "u_symptom",
    supplier: "vendor",
  };
  const order =
    "number,incident_state,active,reassignment_count,reopen_count,sys_mod_count,made_sla,caller_id,opened_by,opened_at,sys_created_by,sys_created_at,sys_updated_by,sys_updated_at,contact_type,location,category,subcategory,u_symptom,cmdb_ci,impact,urgency,priority,assignment_group,assigned_to,knowledge,u_priority_confirmation,notify,problem_id,rfc,vendor,caused_by,closed_code,resolved_by,resolved_at,closed_at".split(
      ",",
    );
  const languages: Record<string, string> = {
    German:
      "Vorgangsnummer,Status,Aktiv,Anzahl Neuzuweisungen,Anzahl Wiedereröffnungen,Anzahl Änderungen,SLA eingehalten,Gemeldet von,Geöffnet von,Geöffnet am,Angelegt von,Angelegt am,Geändert von,Geändert am,Kontaktart,Standort,Kategorie,Unterkategorie,Symptom,Konfigurationselement,Auswirkung,Dringlichkeit,Priorität,Zuweisungsgruppe,Zugewiesen an,Wissen,Priorität bestätigt,Benachrichtigung,Problem-ID,RFC,Lieferant,Verursacht durch,Abschlusscode,Gelöst von,Gelöst am,Geschlossen am",
    Spanish:
      "Número,Estado,Activo,Número de reasignaciones,Número de reaperturas,Número de modificaciones,SLA cumplido,Solicitante,Abierto por,Fecha de apertura,Creado por,Fecha de creación,Actualizado por,Fecha de actualización,Tipo de contacto,Ubicación,Categoría,Subcategoría,Síntoma,Elemento de configuración,Impacto,Urgencia,Prioridad,Grupo de asignación,Asignado a,Conocimiento,Confirmación de prioridad,Notificar,ID de problema,RFC,Proveedor,Causado por,Código de cierre,Resuelto por,Fecha de resolución,Fecha de cierre",
    French:
      "Numéro,État,Actif,Nombre de réaffectations,Nombre de réouvertures,Nombre de mises à jour,SLA respecté,Appelant,Ouvert par,Date d'ouverture,Créé par,Date de création,Mis à jour par,Date de mise à jour,Type de contact,Lieu,Catégorie,Sous-catégorie,Symptôme,Élément de configuration,Impact,Urgence,Priorité,Groupe d'affectation,Affecté à,Connaissance,Confirmation de la priorité,Notifier,ID du problème,RFC,Fournisseur,Causé par,Code de clôture,Résolu par,Date de résolution,Date de clôture",
    Dutch:
      "Incidentnummer,Status,Actief,Aantal hertoewijzingen,Aantal heropeningen,Aantal wijzigingen,SLA gehaald,Gemeld door,Geopend door,Geopend op,Aangemaakt door,Aangemaakt op,Gewijzigd door,Gewijzigd op,Contacttype,Locatie,Categorie,Subcategorie,Symptoom,Configuratie-item,Impact,Urgentie,Prioriteit,Toewijzingsgroep,Toegewezen aan,Kennis,Prioriteit bevestigd,Melden,Probleem-ID,RFC,Leverancier,Veroorzaakt door,Sluitcode,Opgelost door,Opgelost op,Gesloten op",
    "German as translated word by word":
      "nummer,vorfall_status,aktiv,anzahl_neuzuweisungen,anzahl_wiedereröffnungen,sys_änderungszähler,sla_eingehalten,anrufer_id,eröffnet_von,eröffnet_am,sys_erstellt_von,sys_erstellt_am,sys_aktualisiert_von,sys_aktualisiert_am,kontaktart,standort,kategorie,unterkategorie,u_symptom,cmdb_ci,auswirkung,dringlichkeit,priorität,zuweisungsgruppe,zugewiesen_an,wissen,u_prioritätsbestätigung,benachrichtigen,problem_id,rfc,anbieter,verursacht_durch,abschlusscode,gelöst_von,gelöst_am,geschlossen_am",
    "Spanish as translated word by word":
      "numero,estado_incidente,activo,contador_reasignacion,contador_reapertura,contador_modificaciones_sistema,cumple_sla,id_llamante,abierto_por,abierto_el,creado_por_sistema,creado_el_sistema,actualizado_por_sistema,actualizado_el_sistema,tipo_contacto,ubicacion,categoria,subcategoria,sintoma,elemento_configuracion,impacto,urgencia,prioridad,grupo_asignacion,asignado_a,conocimiento,confirmacion_prioridad,notificar,id_problema,rfc,proveedor,causado_por,codigo_cierre,resuelto_por,resuelto_el,cerrado_el",
    "other German":
      "Ticketnummer,Zustand,Aktiv,Umverteilungen,Wiedereröffnungen,Änderungszahl,SLA ok,Melder,Eröffnet von,Eröffnet am,Erfasst von,Erfasst am,Aktualisiert von,Aktualisiert am,Kontaktweg,Ort,Kategorie,Unterkategorie,Fehlerbild,Betroffenes CI,Auswirkung,Dringlichkeit,Priorität,Gruppe,Bearbeiter,Wissensdatenbank,Prio bestätigt,Benachrichtigung,Problem,RFC,Dienstleister,Verursacher,Schließcode,Behoben von,Behoben am,Abgeschlossen am",
    "German again":
      "Incident-Nr.,Incident-Status,Aktiv?,Neuzuweisungen,Wiedereröffnet,Anzahl der Änderungen,SLA erfüllt,Anrufer,Geöffnet durch,Öffnungszeitpunkt,Erstellt durch,Erstellungszeitpunkt,Geändert durch,Änderungszeitpunkt,Meldeweg,Standort,Kategorie,Subkategorie,Symptom,CI,Auswirkung,Dringlichkeit,Priorität,Supportgruppe,Zuständig,Wissen,Bestätigung Priorität,Info,Problem-Nr.,Change,Lieferant,Ursache,Abschluss-Code,Gelöst durch,Lösungszeitpunkt,Schließungszeitpunkt",
    "other Spanish":
      "Folio,Situación,Activo,Reasignaciones,Reaperturas,Modificaciones,SLA,Usuario,Abierto por,Abierto,Creado por,Creado,Modificado por,Modificado,Canal,Ubicación,Categoría,Subcategoría,Síntoma,Equipo,Impacto,Urgencia,Prioridad,Grupo,Técnico,Conocimiento,Confirmada,Aviso,Problema,RFC,Proveedor,Causa,Código,Resuelto por,Resuelto,Cerrado",
    Italian:
      "Numero,Stato,Attivo,Riassegnazioni,Riaperture,Numero di modifiche,SLA,Segnalato da,Aperto da,Data apertura,Creato da,Data creazione,Aggiornato da,Data aggiornamento,Canale,Sede,Categoria,Sottocategoria,Sintomo,Elemento di configurazione,Impatto,Urgenza,Priorità,Gruppo,Assegnato a,Conoscenza,Conferma,Notifica,Problema,RFC,Fornitore,Causato da,Codice chiusura,Risolto da,Data risoluzione,Data chiusura",
    Portuguese:
      "Número,Estado,Ativo,Reatribuições,Reaberturas,Contagem de modificações,SLA,Solicitante,Aberto por,Aberto em,Criado por,Criado em,Atualizado por,Atualizado em,Tipo de contato,Local,Categoria,Subcategoria,Sintoma,Item de configuração,Impacto,Urgência,Prioridade,Grupo,Atribuído a,Conhecimento,Confirmação,Notificar,Problema,RFC,Fornecedor,Causado por,Código,Resolvido por,Resolvido em,Fechado em",
  };
  const log = reading(readFileSync(join(realData ?? "", "incident_event_log.csv")));

  test("as it is: every column that has a meaning here, and only those", async () => {
    const { head, cells } = await log;
    const { mapping, unknownWords } = guessMapping(head.header, cells.slice(0, 1000));
    assert.deepEqual([mapping.layout, mapping.columns, mapping.dateOrder], ["events", asItIs, "dmy"]);
    const states = head.header.indexOf("incident_state");
    assert.deepEqual(guessWords(mapping, "state", new Set(cells.map((row) => row[states]!))), []);
    assert.deepEqual(
      [unknownWords, mapping.states!["Awaiting Vendor"]],
      [{}, { state: "open", waitingOn: "third_party" }],
    );
  });

  test("sorted by the time of the event, or backwards", async () => {
    const { head, cells } = await log;
    const key = (row: string[]) => row[13]!.replace(/(\d\d)-(\d\d)-(\d{4})/, "$3$2$1");
    const sorted = cells.toSorted((a, b) => key(a).localeCompare(key(b)));
    for (const rows of [sorted.slice(0, 1000), sorted.toReversed().slice(0, 1000), sorted.slice(0, 100)]) {
      const { mapping } = guessMapping(head.header, rows);
      assert.deepEqual([mapping.layout, mapping.columns], ["events", asItIs]);
    }
  });

  for (const [language, names] of Object.entries(languages))
    test(`renamed into ${language} and shuffled`, async () => {
      const { head, cells } = await log;
      assert.deepEqual(head.header, order);
      const header = names.split(",");
      const translate = new Map(order.map((name, i) => [name, header[i]!]));
      // The same shuffle in every run: by a step that hits every column.
      const shuffled = order.map((_, i) => (i * 23 + 7) % order.length);
      const rows = cells.slice(2000, 3000).map((row) => shuffled.map((i) => row[i]!));
      const { mapping } = guessMapping(
        shuffled.map((i) => header[i]!),
        rows,
      );
      const expected = Object.fromEntries(Object.entries(asItIs).map(([field, name]) => [field, translate.get(name)]));
      assert.deepEqual([mapping.layout, mapping.columns], ["events", expected]);
    });
});
