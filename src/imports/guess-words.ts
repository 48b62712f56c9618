import type { Priority } from "../companies/contract.ts";
import type { Channel, Kind, Outcome, State } from "../requests/contract.ts";

/**
 * What words of other ticket systems mean, in English, German, French, Spanish, Dutch, Italian, Portuguese. Only what
 * is clear: a word that is not found here is asked about, not guessed.
 */
export interface StateMeaning {
  state: State;
  waitingOn?: "company" | "third_party";
  outcome?: Outcome;
}

/** Letters and digits only, without accents and case: "Gelöst (Geprüft)" and "geloest geprueft" stay different words. */
export function plainWord(text: string): string {
  return text
    .slice(0, 200)
    .replaceAll("ß", "ss")
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/** Without the number many systems put before a word: "3 - Moderate", "10: Closed". */
function withoutNumber(word: string): string {
  return word.replace(/^(?:p(?:rio)? ?)?\d{1,3} (?=\p{L})/u, "");
}

function vocabulary<T>(meanings: [T, string][]): Map<string, T> {
  return new Map(
    meanings.flatMap(([meaning, words]) => words.split(/\s*\|\s*/).map((word) => [word, meaning] as const)),
  );
}

const states = vocabulary<StateMeaning>([
  [
    { state: "open" },
    "new | open | opened | active | in progress | work in progress | assigned | accepted | started | pending | on hold | hold",
  ],
  [
    { state: "open" },
    "waiting | awaiting | to do | todo | backlog | selected for development | in review | reopened | re opened | escalated",
  ],
  [
    { state: "open" },
    "processing | processing assigned | processing planned | planned | scheduled | queued | in queue | unassigned | not assigned",
  ],
  [
    { state: "open" },
    "awaiting problem | awaiting change | awaiting evidence | awaiting approval | waiting for support | waiting for approval | 100",
  ],
  [
    { state: "open" },
    "neu | offen | geoffnet | eroffnet | aktiv | in arbeit | in bearbeitung | zugewiesen | angenommen | wartend | warten | angehalten",
  ],
  [
    { state: "open" },
    "laufend | erfasst | geplant | pausiert | zuruckgestellt | wiedereroffnet | unerledigt | begonnen",
  ],
  [
    { state: "open" },
    "nouveau | nouvelle | ouvert | ouverte | en cours | en cours attribue | en cours planifie | attribue | en attente | actif | rouvert",
  ],
  [
    { state: "open" },
    "nuevo | nueva | abierto | abierta | activo | activa | en curso | en proceso | en progreso | asignado | pendiente | en espera | reabierto",
  ],
  [
    { state: "open" },
    "nieuw | actief | in behandeling | toegewezen | wachtend | in de wacht | on hold | heropend | lopend",
  ],
  [
    { state: "open" },
    "nuovo | nuova | aperto | aperta | attivo | in corso | in lavorazione | assegnato | in attesa | sospeso | riaperto",
  ],
  [
    { state: "open" },
    "novo | nova | aberto | aberta | ativo | em andamento | em curso | atribuido | pendente | em espera | reaberto | em atendimento",
  ],
  [
    { state: "resolved" },
    "resolved | solved | fixed | done | completed | complete | finished | ready for closure | resolved awaiting confirmation",
  ],
  [
    { state: "resolved" },
    "gelost | behoben | erledigt | fertig | fertiggestellt | resuelto | resuelta | solucionado | solucionada | completado | hecho",
  ],
  [
    { state: "resolved" },
    "resolu | resolue | termine | opgelost | afgehandeld | gereed | klaar | risolto | risolta | completato | resolvido | resolvida | concluido",
  ],
  [
    { state: "closed" },
    "closed | closed complete | closed incomplete | closed successful | closed unsuccessful | closed resolved | archived",
  ],
  [
    { state: "closed" },
    "geschlossen | abgeschlossen | beendet | archiviert | erfolgreich geschlossen | erfolglos geschlossen | zu",
  ],
  [
    { state: "closed" },
    "cerrado | cerrada | cerrado con exito | ferme | fermee | clos | close | cloture | cloturee | gesloten | afgesloten",
  ],
  [{ state: "closed" }, "chiuso | chiusa | archiviato | fechado | fechada | encerrado | encerrada | arquivado"],
  [
    { state: "closed", outcome: "cancelled" },
    "cancelled | canceled | closed cancelled | closed canceled | rejected | withdrawn | won t fix | won t do | closed skipped",
  ],
  [
    { state: "closed", outcome: "cancelled" },
    "storniert | abgebrochen | abgelehnt | zuruckgezogen | annulliert | verworfen | annule | annulee | rejete | refuse",
  ],
  [
    { state: "closed", outcome: "cancelled" },
    "cancelado | cancelada | anulado | rechazado | geannuleerd | afgewezen | annullato | rifiutato | rejeitado",
  ],
  [
    { state: "closed", outcome: "duplicate" },
    "duplicate | merged | closed duplicate | duplikat | doppelt | zusammengefuhrt | doublon | duplicado | fusionado | dubbel",
  ],
  [{ state: "closed", outcome: "duplicate" }, "samengevoegd | duplicato | unito | mesclado"],
  [
    { state: "closed", outcome: "confirmed" },
    "confirmed | closed confirmed | closed by caller | closed by user | bestatigt | confirme | confirmado | bevestigd | confermato",
  ],
]);

/** Who is waited for decides whose clock runs: only where the word names somebody. */
const waiting =
  /^(?:awaiting|waiting|wait|pending|on hold|hold|warten|wartet|wartend|en attente|attente|en espera|espera|esperando|pendiente|wacht|wachten|in afwachting|in attesa|attesa|aguardando|em espera|pendente)(?: |$)/;
const company =
  /\b(?:user|users|caller|customer|client|requester|requestor|reporter|end user|info|information|kunden?|anwender|benutzer|melder|anrufer|ruckmeldung|utilisateur|demandeur|appelant|usuario|solicitante|cliente|gebruiker|klant|aanvrager|melder|utente|richiedente|utilizador|requisitante)\b/;
const thirdParty =
  /\b(?:vendor|third party|3rd party|third|supplier|manufacturer|external|parts|delivery|carrier|partner|hersteller|lieferanten?|dritte[nr]?|drittanbieter|extern|ersatzteile?|lieferung|fournisseur|tiers|prestataire|livraison|proveedor|tercero|terceros|fabricante|leverancier|derde|derden|fornitore|terzi|terze|fornecedor|terceiros)\b/;

export function guessState(text: string): StateMeaning | undefined {
  const word = plainWord(text);
  const known = states.get(word) ?? states.get(withoutNumber(word));
  if (known) return known;
  const rest = withoutNumber(word);
  if (!waiting.test(rest)) return undefined;
  if (thirdParty.test(rest)) return { state: "open", waitingOn: "third_party" };
  return company.test(rest) ? { state: "open", waitingOn: "company" } : undefined;
}

const priorities = vocabulary<Priority>([
  [
    "critical",
    "critical | urgent | emergency | emergency response | blocker | highest | very high | immediate | major outage | p0 | p1 | sev1 | 1",
  ],
  [
    "critical",
    "kritisch | sehr hoch | notfall | dringend | sofort | critique | tres haute | tres eleve | urgente | majeure | critico | critica",
  ],
  ["critical", "muy alta | muy alto | kritiek | zeer hoog | spoed | dringend | molto alta | muito alta | urgence"],
  [
    "high",
    "high | quick response | important | major | p2 | sev2 | 2 | hoch | wichtig | haute | eleve | elevee | alta | alto | hoog | belangrijk",
  ],
  [
    "normal",
    "normal | medium | moderate | average | standard | normal response | p3 | sev3 | 3 | mittel | moyenne | moyen | normale | media | medio",
  ],
  ["normal", "moderada | moderado | gemiddeld | normaal | middel | moderata"],
  [
    "low",
    "low | lowest | minor | trivial | very low | planning | scheduled maintenance | p4 | p5 | sev4 | 4 | 5 | niedrig | gering | sehr niedrig",
  ],
  [
    "low",
    "basse | bas | faible | tres basse | baja | bajo | muy baja | laag | zeer laag | bassa | basso | molto bassa | baixa | baixo | muito baixa",
  ],
]);

export function guessPriority(text: string): Priority | undefined {
  const word = plainWord(text);
  // "Priority 1 - Emergency Response", "Prio 2", "1 very low": the word counts before the number.
  const bare = word.replace(
    /^(?:priority|prioritat|prio|prioridad|priorite|prioriteit|priorita|prioridade|severity) /,
    "",
  );
  return priorities.get(withoutNumber(bare)) ?? priorities.get(bare);
}

const channels = vocabulary<Channel>([
  [
    "phone",
    "phone | phone call | telephone | call | voice | voicemail | telefon | telefonisch | anruf | telefonat | appel | telefono | llamada",
  ],
  ["phone", "telefonico | telefonica | telefoon | telefonisch | chiamata | telefone | ligacao | tel"],
  [
    "email",
    "email | e mail | mail | inbound email | correo | correo electronico | courriel | mel | posta elettronica | correio eletronico",
  ],
  [
    "web",
    "web | portal | self service | selfservice | website | web form | web portal | customer portal | form | helpdesk | service catalog",
  ],
  [
    "web",
    "formular | webformular | kundenportal | portail | formulaire | site web | autoservicio | formulario | zelfservice | portaal | formulier | portale | modulo | autoatendimento",
  ],
  [
    "walk_up",
    "walk up | walk in | walkin | walk up visit | in person | on site | onsite | face to face | vor ort | personlich | sur place | direct",
  ],
  [
    "walk_up",
    "en persona | presencial | presentielle | balie | ter plaatse | persoonlijk | di persona | sul posto | pessoalmente",
  ],
  [
    "chat",
    "chat | live chat | messaging | instant message | teams | slack | whatsapp | virtual agent | messenger | sms",
  ],
  [
    "monitoring",
    "monitoring | alert | monitoring alert | event | event management | event monitoring | rmm | nagios | zabbix | system alert",
  ],
  [
    "monitoring",
    "uberwachung | alarm | supervision | alerte | monitoreo | alerta | bewaking | monitoraggio | monitoramento",
  ],
  [
    "other",
    "other | sonstige | sonstiges | andere | autre | otro | otros | anders | overig | altro | outro | outros | api",
  ],
]);

export function guessChannel(text: string): Channel | undefined {
  return channels.get(withoutNumber(plainWord(text)));
}

const kinds = vocabulary<Kind>([
  [
    "incident",
    "incident | incidents | fault | bug | outage | failure | break fix | error | alert | storung | vorfall | fehler | stoerung | panne",
  ],
  ["incident", "incidente | incidencia | averia | falla | storing | verstoring | guasto | falha | avaria"],
  [
    "service_request",
    "service request | request | request fulfilment | question | task | change | enhancement | access request | sr | service",
  ],
  [
    "service_request",
    "serviceanfrage | service anfrage | anfrage | anforderung | auftrag | frage | wunsch | demande | demande de service | solicitud",
  ],
  [
    "service_request",
    "solicitud de servicio | peticion | consulta | pregunta | verzoek | serviceverzoek | aanvraag | vraag | richiesta | richiesta di servizio | solicitacao | requisicao | pedido",
  ],
]);

export function guessKind(text: string): Kind | undefined {
  return kinds.get(withoutNumber(plainWord(text)));
}

const outcomes = vocabulary<Outcome>([
  [
    "confirmed",
    "confirmed | confirmed fixed | confirmed by user | confirmed by caller | closed by caller | bestatigt | confirme | confirmado | bevestigd | confermato",
  ],
  [
    "unconfirmed",
    "unconfirmed | not confirmed | no response | auto closed | closed automatically | unbestatigt | nicht bestatigt | keine ruckmeldung",
  ],
  [
    "unconfirmed",
    "automatisch geschlossen | non confirme | no confirmado | sin confirmar | niet bevestigd | non confermato | nao confirmado",
  ],
  [
    "cancelled",
    "cancelled | canceled | withdrawn | rejected | won t fix | won t do | declined | not an issue | invalid | storniert | abgebrochen",
  ],
  ["cancelled", "zuruckgezogen | abgelehnt | annule | cancelado | anulado | geannuleerd | annullato"],
  ["duplicate", "duplicate | merged | duplikat | doppelt | doublon | duplicado | dubbel | duplicato"],
  [
    "unknown",
    "done | fixed | resolved | solved | closed | completed | complete | gelost | erledigt | resuelto | resolu | opgelost | risolto | resolvido",
  ],
]);

export function guessOutcome(text: string): Outcome | undefined {
  return outcomes.get(withoutNumber(plainWord(text)));
}
