import type { ImportField } from "./contract.ts";
import { plainWord } from "./guess-words.ts";

/**
 * How columns are called in exports of ServiceNow, Jira, Zendesk, Freshdesk, GLPI, OTRS, ConnectWise, Autotask, and in
 * lists people keep, in English, German, French, Spanish, Dutch, Italian, Portuguese. Names are as `plainWord` writes
 * them; a star stands for any letters.
 */
interface Names {
  /** Mean the field and nothing else. */
  sure: string[];
  /** May mean it; something better wins. */
  maybe?: string[];
}

/** Fields that are not times; those are found by `timeConcepts`. */
const names: Partial<Record<ImportField, Names>> = {
  number: {
    sure: [
      "number | ticket number | ticket id | ticket no | ticket nr | ticketnr | ticket | incident number | incident id | case number | case id | request number | request id | issue key | call number | work order | sr number",
      "nummer | *nummer | vorgang | vorgangs nr | ticket nummer | auftrags nr | fall nr | lfd nr | nr | referenz | aktenzeichen | storungsnummer",
      "numero | num | numero de ticket | numero de la demande | numero de demande | numero du ticket | numero de dossier | n de ticket | n | id ticket | reference",
      "numero de incidente | numero de incidencia | numero de caso | numero de solicitud | folio | referencia | id de ticket | id de caso | id incidente",
      "meldingnummer | meldingsnummer | incidentnummer | zaaknummer | kenmerk | numero ticket | numero incidente | numero richiesta | id ticket | riferimento",
      "numero do chamado | numero do incidente | numero do ticket | chamado | protocolo",
    ],
    maybe: ["id | no | key | ref | reference number | case | incident | code | identifier | * number | * nr | * id"],
  },
  key: {
    sure: [
      "sys id | sysid | guid | uuid | external id | record id | issue id | unique id | unique key | object id | eindeutige id",
    ],
  },
  subject: {
    sure: [
      "subject | short description | summary | title | ticket title | headline | subject line | summary description",
      "betreff | kurzbeschreibung | titel | zusammenfassung | kurztext | thema | kurze beschreibung | stichwort",
      "objet | titre | sujet | resume | description courte | description breve | breve description | intitule | libelle",
      "asunto | titulo | resumen | descripcion breve | breve descripcion | descripcion corta | tema",
      "onderwerp | korte omschrijving | korte beschrijving | samenvatting | oggetto | titolo | descrizione breve | breve descrizione | riepilogo",
      "assunto | descricao resumida | breve descricao | resumo | descricao curta",
    ],
    maybe: [
      "symptom* | u symptom | sintoma* | sintomo | symptoom | problem | problema | probleme | probleem | issue | anliegen | storung | fehlerbild | fehler | worum geht es | was | what",
    ],
  },
  description: {
    sure: [
      "description | details | detail | long description | full description | ticket description | problem description | body | message",
      "beschreibung | ausfuhrliche beschreibung | langtext | einzelheiten | problembeschreibung | fehlerbeschreibung | nachricht",
      "description detaillee | description du probleme | detail du probleme | descripcion | descripcion detallada | detalle | detalles | descripcion del problema",
      "omschrijving | beschrijving | toelichting | descrizione | dettagli | descrizione dettagliata | descricao | detalhes | descricao detalhada",
    ],
  },
  state: {
    sure: [
      "state | status | ticket status | incident state | current state | ticket state | zustand | stand | bearbeitungsstatus | vorgangsstatus | statut | etat | statut du ticket",
      "estado | estado del incidente | estado del ticket | situacion | toestand | stato | stato del ticket | estado do chamado | situacao | estado do incidente",
    ],
    maybe: ["phase | stage | *status | lage"],
  },
  outcome: {
    sure: [
      "outcome | close code | closure code | resolution code | resolution | ergebnis | abschlusscode | losungscode | resultat | resultado | resultaat | esito | codigo de cierre | codigo de resolucion | code de cloture | confirmed | bestatigt",
    ],
    maybe: ["result | * code | closed code"],
  },
  kind: {
    sure: [
      "type | ticket type | issue type | request type | record type | case type | incident type | typ | art | vorgangsart | ticketart | vorgangstyp | tickettyp | anfrageart | type de demande | type de ticket",
    ],
    maybe: [
      "tipo | tipo de ticket | tipo de solicitud | tipo de caso | tipologia | tipo di richiesta | soort | soort melding | tipo de chamado | class | klasse",
    ],
  },
  category: {
    sure: [
      "category | categories | ticket category | incident category | kategorie | rubrik | sachgebiet | themengebiet | categorie | categoria | categoria del incidente",
    ],
    maybe: [
      "issue type | topic | area | service | product | component s | thema | bereich | service category | type | tipo | dienst",
    ],
  },
  channel: {
    sure: [
      "channel | source | contact type | contact method | via | ticket source | created via | reported via | kanal | eingangskanal | meldeweg | kontaktart | kontakttyp | kontaktweg | quelle | herkunft | eingangsweg | eingang uber",
      "canal | source de la demande | mode de contact | type de contact | origine | origen | tipo de contacto | medio de contacto | via de contacto | medio",
      "kanaal | bron | herkomst | contactwijze | soort contact | contacttype | canale | tipo di contatto | fonte | origem | tipo de contato | meio de contato | canal de atendimento",
    ],
    maybe: ["medium | method | origin"],
  },
  priority: {
    sure: [
      "priority | prio | ticket priority | prioritat | dringlichkeitsstufe | priorite | prioridad | prioriteit | priorita | prioridade",
    ],
    maybe: [
      "severity | urgency | schweregrad | dringlichkeit | gravite | urgence | severidad | urgencia | ernst | urgentie | gravita | urgenza | gravidade | severidade",
    ],
  },
  asset: {
    sure: [
      "asset | assets | configuration item | cmdb ci | ci | device | equipment | computer name | hostname | asset tag | asset name | configuration item ci | affected ci",
      "gerat | gerate | konfigurationselement | konfigurations element | inventarnummer | rechner | arbeitsplatz | anlage | betroffenes gerat | betroffenes ci | equipement | materiel | element de configuration | elements associes | poste",
      "activo | equipo | dispositivo | elemento de configuracion | equipo afectado | apparaat | configuratie item | configuratieitem | middel | dispositivo | elemento di configurazione | apparecchio | bene | equipamento | item de configuracao | ativo",
    ],
    maybe: ["host | computer | machine | server | pc | item | ordinateur | maquina"],
  },
  reporter: {
    sure: [
      "caller | caller id | requester | requestor | reporter | reported by | requested by | requested for | requester name | caller name | contact | contact name | end user | raised by | customer contact",
      "gemeldet von | melder | meldende person | meldender | anrufer | aufrufer | antragsteller | anforderer | anwender | benutzer | ansprechpartner | kontakt | kontaktperson | gemeldet durch | erfasst fur | wer | auftraggeber",
      "demandeur | demandeur demandeur | appelant | signale par | declarant | utilisateur | demande par | solicitante | reportado por | informado por | usuario | llamante | persona que llama | quien llama | notificado por | comunicado por | informante",
      "aanvrager | melder | gemeld door | beller | gebruiker | aangemeld door | aangevraagd door | richiedente | segnalato da | utente | chiamante | richiesto da | solicitante | requisitante | reportado por | relatado por | utilizador | chamador | informado por",
    ],
    maybe: [
      "opened by | created by | submitted by | submitter | creator | entered by | user | username | customer | customer name | client | full name | name | who | from | von | kunde | klant | cliente | erstellt von | geoffnet von | eroffnet von | angelegt von | abierto por | creado por | ouvert par | cree par | geopend door | aangemaakt door | aperto da | creato da | aberto por | criado por | ersteller",
    ],
  },
  supplier: {
    sure: [
      "vendor | supplier | service provider | provider | it company | it firm | lieferant | dienstleister | anbieter | systemhaus | it dienstleister | hersteller | fournisseur | prestataire | proveedor | proveedor de servicios | leverancier | dienstverlener | fornitore | fornecedor | prestador",
    ],
    maybe: ["firma | supplied by | partner"],
  },
  technician: {
    sure: [
      "assigned to | assignee | technician | agent | assigned agent | primary resource | resources | resource | owner | ticket owner | engineer | handled by | assigned technician",
      "zugewiesen an | zugewiesen | bearbeiter | techniker | zustandig | zustandiger | besitzer | verantwortlich | verantwortlicher | bearbeitet durch | zugeordnet zu | beauftragter | sachbearbeiter",
      "attribue a | attribue a technicien | assigne a | affecte a | technicien | intervenant | responsable | asignado a | asignado | tecnico | agente | tecnico asignado | assegnato a | tecnico assegnato | incaricato | responsabile",
      "toegewezen aan | behandelaar | technicus | monteur | uitvoerder | atribuido a | atribuido para | designado | tecnico responsavel | responsavel | atendente",
    ],
    maybe: [
      "resolved by | closed by | solved by | resolver | gelost von | behoben von | geschlossen von | erledigt von | resuelto por | cerrado por | resolu par | opgelost door | risolto da | resolvido por | last assignee",
    ],
  },
  eventBy: {
    sure: [
      "updated by | sys updated by | modified by | last modified by | changed by | event by | actor | author | geandert von | aktualisiert von | zuletzt geandert von | letzter bearbeiter | bearbeitet von | geandert durch | aktualisiert durch",
      "modifie par | mis a jour par | derniere modification par | auteur | actualizado por | modificado por | cambiado por | autor | ultima modificacion por | actualizada por",
      "gewijzigd door | bijgewerkt door | laatst gewijzigd door | auteur | aggiornato da | modificato da | autore | atualizado por | modificado por | alterado por",
    ],
  },
  sequence: {
    sure: [
      "sys mod count | mod count | modification count | update count | updates | sequence | sequence number | seq | version | revision | event number | step | event id",
      "anzahl anderungen | anderungszahler | anderungsnummer | anderungsanzahl | anzahl der anderungen | anzahl aktualisierungen | aktualisierungen | anderungen | laufnummer | folge | reihenfolge | schritt | bearbeitungszahler",
      "nombre de modifications | nombre de mises a jour | sequence | numero de modificaciones | contador de modificaciones | numero de actualizaciones | recuento de modificaciones | contador de cambios | numero de cambios | cantidad de modificaciones | secuencia",
      "aantal wijzigingen | volgnummer | numero di modifiche | conteggio modifiche | sequenza | numero de modificacoes | contagem de modificacoes | sequencia",
    ],
  },
  note: {
    sure: [
      "note | notes | comment | comments | work notes | work note | activity | journal | additional comments | kommentar | kommentare | notiz | notizen | bemerkung | bemerkungen | anmerkung | anmerkungen | verlauf",
      "commentaire | commentaires | remarque | remarques | suivi | comentario | comentarios | nota | notas | observaciones | seguimiento | notitie | notities | opmerking | opmerkingen | commento | commenti | annotazioni | osservazioni | observacoes | observacao | anotacoes",
    ],
  },
};

export type TimeField = "reportedAt" | "firstResponseAt" | "resolvedAt" | "closedAt" | "eventAt";

/** What a column of times is about, by the beginning of a word in its name; the first that fits counts. */
const timeConcepts: { field: TimeField | "none"; score: number; words: RegExp }[] = [
  {
    field: "none",
    score: 0,
    words:
      /\b(due|sla|deadline|target|fallig|frist|zieltermin|soll|eskalation|escalat|echeance|vencimiento|limite|vervaldatum|streefdatum|scadenza|prazo|viewed|birth|geburt)/,
  },
  {
    field: "firstResponseAt",
    score: 1,
    words:
      /\b(erstreaktion|erstantwort|firstrespon|responded|(first|initial|erste?|premier\w*|primera?|prima|primeira|eerste) (respon|repl|reaktion|reacti|ruckmeldung|antwort|reponse|respuesta|reactie|antwoord|risposta|resposta|contact))/,
  },
  {
    field: "eventAt",
    score: 1,
    words:
      /\b(sys updated|updat|last (chang|modif|activit)|modif|chang|geander|anderung|aktualis|letzte|zuletzt|actualiz|ultima|mis a jour|mise a jour|derniere|gewijzig|wijziging|bijgewerkt|laatst|aggiorn|atualiz|alterad|alteracao|event|ereignis|timestamp|zeitstempel|horodat|marca de tiempo|evento|tijdstempel)/,
  },
  {
    field: "resolvedAt",
    score: 1,
    words:
      /\b(resol|solved|solution|solucion|gelost|geloest|losung|behoben|behebung|erledig|fixed|resuel|opgelost|oplos|risol|solucao|resolv)/,
  },
  {
    field: "closedAt",
    score: 1,
    words:
      /\b(clos|geschlossen|abgeschlossen|abschluss|schliess|beendet|cerra|cierre|ferme|clotur|geslot|afgeslot|sluit|afsluit|chius|fecha(do|mento)|encerra)/,
  },
  {
    field: "reportedAt",
    score: 1,
    words: /\b(report|gemeld|melde|meldung|melding|aangemeld|signal|segnal|notific|relatad|called|anruf)/,
  },
  { field: "reportedAt", score: 0.95, words: /\b(open|geoffnet|offnung|eroffn|abiert|apert|abert|ouvert|geopen)/ },
  {
    field: "reportedAt",
    score: 0.9,
    words:
      /\b(receiv|eingang|eingegangen|recibid|recu|ontvang|ricevut|recebid|submit|request|raised|logged|anfrage|solicit|demande)/,
  },
  {
    field: "reportedAt",
    score: 0.85,
    words:
      /\b(creat|erstell|angelegt|anlage|erfass|cread|creac|cree|aangemaakt|aanmaak|creaz|criad|criac|enter|registr|started|begin|start)/,
  },
  { field: "resolvedAt", score: 0.8, words: /\b(complet|finish|fertig|termin|done|conclu|afgehandeld|gereed|finaliz)/ },
  { field: "closedAt", score: 0.7, words: /\b(end|ende|fin|fine|fim|einde)\b/ },
  {
    field: "reportedAt",
    score: 0.6,
    words: /\b(date|datum|fecha|data|tag|day|when|wann|zeit|time|zeitpunkt|quando|cuando)\b/,
  },
];

/** Words in a name that say the column holds times, or people: needed where the column is empty. */
const timeMark =
  /\b(at|on|date|time|datetime|am|um|\w*datum|\w*zeit|zeitpunkt|fecha|hora|le|heure|op|tijd|data|ora|el|il|em|timestamp)\b/;
const durationMark =
  /\b(hrs?|hours?|mins?|minutes?|days?|stunden|minuten|tage|dauer|duration|duree|duracion|elapsed|spent|in (min|sec|hours))\b/;

export interface HeaderMatch {
  field: ImportField;
  /** 0 to 1. */
  score: number;
}

/** The words of a header: CamelCase and under_scores taken apart, accents and case gone. */
export function headerWords(header: string): string {
  return plainWord(header.replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, "$1 $2"));
}

/** What a column may be by its name alone; `times`: whether it holds times, undefined where it is empty. */
export function matchHeader(header: string, times: boolean | undefined): HeaderMatch[] {
  const words = headerWords(header);
  const matches: HeaderMatch[] = [];
  const isTime = times ?? timeMark.test(words);
  if (isTime && !durationMark.test(words)) {
    const concept = timeConcepts.find((concept) => concept.words.test(words));
    if (concept && concept.field !== "none") matches.push({ field: concept.field, score: concept.score });
  }
  if (times !== true) matches.push(...matchPhrases(words));
  return matches;
}

/** Words that say only that the column belongs to a request. */
const filler = new Set(
  "sys u incident ticket request case issue call the die la le el vorgang vorfall incidente anfrage".split(" "),
);
/** Left out on both sides: "tipo de contacto" is also written tipo_contacto. */
const prepositions = new Set("of de del du do di des der".split(" "));
/** Longer names are sentences. */
const maxWords = 12;

/** Every phrase in the name: 1 where it is the whole name, less among other words. */
function matchPhrases(name: string): HeaderMatch[] {
  const words = name
    .split(" ")
    .filter((word) => !prepositions.has(word))
    .slice(0, maxWords);
  const best = new Map<ImportField, number>();
  const note = (field: ImportField, score: number) => best.set(field, Math.max(score, best.get(field) ?? 0));
  for (let start = 0; start < words.length; start++) {
    for (let end = start + 1; end <= words.length; end++) {
      const found = phrases.get(words.slice(start, end).join(" "));
      if (!found) continue;
      const others = [...words.slice(0, start), ...words.slice(end)];
      for (const { field, weight } of found) note(field, weight * alone(others));
    }
  }
  for (const { field, weight, pattern } of patterns) if (pattern.test(name)) note(field, weight);
  return [...best].map(([field, score]) => ({ field, score }));
}

/** How much a phrase says among these other words. */
function alone(others: string[]): number {
  const telling = others.filter((word) => !filler.has(word)).length;
  return telling > 0 ? 0.75 / (telling + 0.5) : others.length > 0 ? 0.95 : 1;
}

interface Weighted {
  field: ImportField;
  weight: number;
}

const phrases = new Map<string, Weighted[]>();
const patterns: (Weighted & { pattern: RegExp })[] = [];

function learn(field: ImportField, lines: string[], weight: number): void {
  for (const phrase of lines.flatMap((line) => line.split(" | "))) {
    if (phrase.includes("*"))
      patterns.push({ field, weight, pattern: new RegExp(`^${phrase.replaceAll("*", "\\S*")}$`) });
    else
      remember(
        phrase
          .split(" ")
          .filter((word) => !prepositions.has(word))
          .join(" "),
        { field, weight },
      );
    // caller_id, anrufer_id, id_llamante: a person by number.
    if (field !== "reporter" && field !== "technician") continue;
    remember(`${phrase} id`, { field, weight: weight * 0.9 });
    remember(`id ${phrase}`, { field, weight: weight * 0.9 });
  }
}

function remember(phrase: string, weighted: Weighted): void {
  phrases.set(phrase, [...(phrases.get(phrase) ?? []), weighted]);
}

for (const [field, { sure, maybe }] of Object.entries(names) as [ImportField, Names][]) {
  learn(field, sure, 1);
  learn(field, maybe ?? [], 0.6);
}
