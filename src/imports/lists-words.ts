import type { AssetKind } from "../assets/contract.ts";
import type { ListField, ListName } from "./contract.ts";
import { headerWords } from "./guess-headers.ts";
import { plainWord } from "./guess-words.ts";

/**
 * How the columns of lists are called, and what words for kinds of assets mean, in English, German, French, Spanish,
 * Dutch, Italian, Portuguese, and in exports of directories, address books and inventories. As `plainWord` writes them.
 */
interface Names {
  /** Mean the field and nothing else. */
  sure: string[];
  /** May mean it; something better wins. */
  maybe?: string[];
  /** Besides, these say what the whole list is about. */
  telling?: string[];
}

const email: Names = {
  sure: [
    "email | e mail | mail | email address | e mail address | mail address | primary email | work email",
    "business email | email 1 | e mail adresse | mailadresse | emailadresse | adresse mail",
    "adresse email | adresse e mail | courriel | mel | correo | correo electronico | e mailadres",
    "emailadres | mailadres | posta elettronica | indirizzo email | indirizzo e mail | endereco de email",
    "user principal name | userprincipalname | upn",
  ],
  maybe: ["address | contact | kontakt | login | user | username | benutzer | benutzername"],
};
const phone: Names = {
  sure: [
    "phone | phone number | telephone | telephone number | tel | tel nr | office phone | work phone",
    "business phone | direct line | extension | telefon | telefonnummer | telefon nr | rufnummer",
    "durchwahl | numero de telephone | numero telephone | telephone fixe | telefono | numero de telefono",
    "telefoon | telefoonnummer | numero di telefono | telefone | numero de telefone | hotline",
    "support phone",
  ],
  maybe: [
    "mobile | mobile phone | cell | cell phone | handy | handynummer | mobil | mobilnummer | portable",
    "movil | mobiel | cellulare | telemovel | celular | phone 1 | number | nummer | fax",
  ],
};
const supplier: Names = {
  sure: [
    "supplier | supplier name | vendor | vendor name | provider | service provider | msp | lieferant",
    "dienstleister | anbieter | fournisseur | prestataire | proveedor | leverancier | fornitore",
    "fornecedor | supported by | maintained by | looked after by",
  ],
  maybe: [
    "company | company name | firm | firma | unternehmen | organisation | organization | societe",
    "entreprise | empresa | bedrijf | azienda | partner | support | contractor",
  ],
};

/** Fields of every list, and how their columns are called. */
const columnNames: { [L in ListName]: Partial<Record<ListField, Names>> } = {
  people: {
    name: {
      sure: [
        "name | full name | fullname | display name | displayname | employee name | person",
        "vollstandiger name | anzeigename | mitarbeiter | mitarbeiterin | mitarbeiter in | mitarbeitername",
        "nom complet | nom et prenom | nom prenom | nombre completo | nombre y apellidos | volledige naam",
        "naam | medewerker | nome completo | collaborateur | empleado | dipendente | funcionario | employee",
        "staff member",
      ],
      maybe: [
        "user | username | contact | contact name | benutzer | kontakt | ansprechpartner | colleague",
        "kollege | member | who | wer | nombre | nome | technician | techniker",
      ],
      telling: [
        "employee | employee name | mitarbeiter | mitarbeitername | full name | medewerker | empleado",
        "dipendente | display name",
      ],
    },
    firstName: {
      sure: [
        "first name | firstname | given name | givenname | forename | vorname | prenom | nombre de pila",
        "primer nombre | voornaam | nome proprio",
      ],
      maybe: ["first | nombre | nome"],
      telling: ["first name | firstname | given name | givenname | vorname | prenom | voornaam"],
    },
    lastName: {
      sure: [
        "last name | lastname | surname | family name | familyname | sn | nachname | familienname | zuname",
        "nom de famille | apellido | apellidos | achternaam | cognome | sobrenome | apelido",
      ],
      maybe: ["last | nom"],
      telling: ["last name | lastname | surname | nachname | familienname | apellidos | achternaam | cognome"],
    },
    email,
    phone,
    department: {
      sure: [
        "department | dept | team | division | business unit | abteilung | bereich | fachbereich | service",
        "departement | departamento | area | afdeling | reparto | ufficio | setor",
      ],
      maybe: [
        "group | gruppe | unit | cost center | kostenstelle | section | function | funktion | role | position",
        "job title | title | stelle",
      ],
      telling: ["department | dept | abteilung | departement | departamento | afdeling | reparto"],
    },
    supplier,
  },
  suppliers: {
    name: {
      sure: [...supplier.sure, ...supplier.maybe!, "name | nom | nombre | naam | nome"],
      telling: supplier.sure,
    },
    email,
    phone,
  },
  assets: {
    name: {
      sure: [
        "asset | asset name | device | device name | equipment | equipment name | hostname | host name | host",
        "computer name | computername | machine | machine name | configuration item | ci | ci name | item",
        "inventory item | gerat | geratename | geraet | bezeichnung | objekt | rechnername | rechner",
        "materiel | appareil | equipement | nom de l appareil | nom du poste | dispositivo | equipo",
        "nombre del equipo | apparaat | apparaatnaam | apparecchio | nome dispositivo | equipamento",
        "nome do equipamento",
      ],
      maybe: [
        "name | nom | nombre | naam | nome | model | model name | modell | modelo | modele | modello",
        "asset tag | tag | inventory number | inventarnummer | label | description | beschreibung | product",
        "produkt | application | software",
      ],
      telling: [
        "asset | asset name | device | device name | equipment | hostname | computer name | computername",
        "asset tag | inventory number | inventarnummer | configuration item | gerat | geratename",
        "rechnername | materiel | appareil | dispositivo | equipo | apparaat | equipamento",
      ],
    },
    kind: {
      sure: [
        "kind | type | asset type | device type | category | asset category | class | ci class",
        "equipment type | art | typ | gerateart | geratetyp | kategorie | type de materiel",
        "type d equipement | categorie | tipo | tipo de equipo | categoria | soort | type apparaat",
        "tipo di dispositivo | tipo de equipamento | asset class",
      ],
    },
    serialNumber: {
      sure: [
        "serial | serial number | serialnumber | serial no | serial nr | s n | sn | service tag | servicetag",
        "seriennummer | serien nr | seriennr | geratenummer | numero de serie | n de serie | no de serie",
        "serie | serienummer | numero di serie | matricola | imei | license key | licence key",
      ],
      telling: [
        "serial number | serialnumber | serial no | serial | service tag | seriennummer | numero de serie",
        "serienummer | numero di serie",
      ],
    },
    place: {
      sure: [
        "place | location | site | room | office | building | desk | standort | ort | raum | buro | gebaude",
        "platz | lieu | emplacement | bureau | salle | ubicacion | lugar | sala | oficina | plaats | locatie",
        "ruimte | kantoor | luogo | posizione | stanza | sede | local | localizacao",
      ],
      maybe: ["floor | etage | branch | filiale | region"],
    },
    owner: {
      sure: [
        "owner | user | used by | assigned to | assigned user | assignee | primary user | last user | holder",
        "custodian | responsible | benutzer | nutzer | besitzer | verantwortlich | verantwortlicher",
        "zugewiesen an | eigentumer | mitarbeiter | utilisateur | proprietaire | attribue a | responsable",
        "usuario | asignado a | propietario | gebruiker | eigenaar | toegewezen aan | utente | proprietario",
        "assegnato a | usuario responsavel | employee",
      ],
      maybe: ["person | name of user | contact | who | wer | department | abteilung"],
    },
    supplier,
    warrantyEnds: {
      sure: [
        "warranty | warranty end | warranty ends | warranty until | warranty expires | warranty expiry",
        "warranty expiration | warranty expiration date | warranty end date | garantie | garantie bis",
        "garantieende | garantieablauf | gewahrleistung bis | garantie jusqu au | fin de garantie",
        "date fin garantie | garantia | fin de garantia | garantia hasta | garantie tot | einde garantie",
        "garanzia | fine garanzia | scadenza garanzia | fim da garantia | garantia ate | support ends",
        "support until | end of warranty | contract end",
      ],
      maybe: ["expires | expiry | expiration date | ablaufdatum | ablauf | end date"],
      telling: [
        "warranty | warranty end | warranty until | warranty expires | warranty expiry | warranty expiration",
        "garantie | garantie bis | garantieende | fin de garantie | garantia | garanzia",
      ],
    },
    note: {
      sure: [
        "note | notes | remark | remarks | comment | comments | bemerkung | bemerkungen | notiz | notizen",
        "anmerkung | kommentar | remarque | remarques | commentaire | commentaires | nota | notas",
        "observaciones | comentario | comentarios | opmerking | opmerkingen | commento | osservazioni",
        "observacoes",
      ],
      maybe: ["description | beschreibung | details | info | information"],
    },
  },
  holidays: {
    date: {
      sure: [
        "date | day | datum | tag | jour | date du jour | fecha | dia | dag | data | giorno | holiday date",
        "observed | closed on",
      ],
      maybe: ["from | von | start | start date | begin | beginn | when | wann | startdatum | debut"],
    },
    name: {
      sure: [
        "holiday | holiday name | name | public holiday | bank holiday | occasion | feiertag | feiertage",
        "name des feiertags | bezeichnung | anlass | jour ferie | ferie | nom | festivo | dia festivo",
        "festividad | nombre | feestdag | naam | festa | festivita | nome | feriado | title | subject",
        "summary | event | description | beschreibung | closed",
      ],
      telling: [
        "holiday | holiday name | public holiday | bank holiday | feiertag | feiertage | jour ferie | festivo",
        "dia festivo | feestdag | festivita | feriado",
      ],
    },
    supplier,
  },
};

type Vocabulary = Map<string, { field: ListField; weight: number; telling: boolean }[]>;

const split = (lines: string[] = []) => lines.flatMap((line) => line.split(" | "));

function vocabularyOf(names: Partial<Record<ListField, Names>>): Vocabulary {
  const found: Vocabulary = new Map();
  for (const [field, { sure, maybe, telling }] of Object.entries(names) as [ListField, Names][]) {
    const tells = new Set(split(telling));
    const learn = (word: string, weight: number) =>
      found.set(word, [...(found.get(word) ?? []), { field, weight, telling: tells.has(word) }]);
    for (const word of split(sure)) learn(word, 1);
    for (const word of split(maybe)) learn(word, 0.6);
  }
  return found;
}

const vocabularies = Object.fromEntries(
  Object.entries(columnNames).map(([list, names]) => [list, vocabularyOf(names)]),
) as Record<ListName, Vocabulary>;

export interface ListHeaderMatch {
  field: ListField;
  score: number;
  /** Nothing but such a list has a column of this name. */
  telling: boolean;
}

/** Longer names are sentences. */
const maxWords = 8;

/** What a column may be by its name alone: 1 where a known name is the whole name, less among other words. */
export function matchListHeader(list: ListName, header: string): ListHeaderMatch[] {
  const words = headerWords(header).split(" ").slice(0, maxWords);
  const best = new Map<ListField, ListHeaderMatch>();
  for (let start = 0; start < words.length; start++) {
    for (let end = start + 1; end <= words.length; end++) {
      const others = words.length - (end - start);
      for (const { field, weight, telling } of vocabularies[list].get(words.slice(start, end).join(" ")) ?? []) {
        const score = others === 0 ? weight : (weight * 0.75) / (others + 0.5);
        if (score <= (best.get(field)?.score ?? 0)) continue;
        best.set(field, { field, score, telling: telling && others <= 1 });
      }
    }
  }
  return [...best.values()];
}

const kindWords: Record<AssetKind, string[]> = {
  computer: [
    "computer | pc | desktop | desktop pc | laptop | notebook | workstation | all in one | thin client",
    "tablet | macbook | imac | mac | surface | client | rechner | arbeitsplatz | arbeitsplatzrechner",
    "ordinateur | ordinateur portable | poste | portable | ordenador | portatil | computadora | equipo",
    "werkstation | portatile | fisso | computador | notebook pc | mini pc",
  ],
  server: [
    "server | physical server | virtual server | virtual machine | vm | vmware | hypervisor | nas",
    "storage | host | serveur | servidor | serveur virtuel | san",
  ],
  printer: [
    "printer | laser printer | multifunction | multifunction printer | mfp | mfd | copier | scanner",
    "plotter | label printer | drucker | laserdrucker | etikettendrucker | multifunktionsgerat | kopierer",
    "imprimante | copieur | traceur | impresora | fotocopiadora | printer scanner | stampante",
    "fotocopiatrice | impressora",
  ],
  phone: [
    "phone | desk phone | ip phone | voip phone | mobile | mobile phone | smartphone | cell phone",
    "iphone | android | headset | telefon | handy | mobiltelefon | diensthandy | telephone",
    "telephone mobile | telefono | movil | telefoon | mobiele telefoon | cellulare | telefone | telemovel",
    "celular | sim | sim card",
  ],
  network: [
    "network | network device | switch | router | firewall | access point | wireless access point | wifi",
    "wlan | ap | modem | gateway | vpn | ups | netzwerk | netzwerkgerat | reseau | commutateur | pare feu",
    "point d acces | red | conmutador | cortafuegos | netwerk | rete | rede",
  ],
  line: [
    "line | internet | internet line | internet access | dsl | vdsl | adsl | fibre | fiber | leased line",
    "mpls | isdn | sip trunk | telephone line | leitung | anschluss | internetanschluss | standleitung",
    "glasfaser | ligne | ligne internet | fibre optique | linea | linea de internet | fibra | lijn",
    "internetlijn | glasvezel | linea internet | linha | circuit",
  ],
  application: [
    "application | app | software | program | service | saas | cloud service | database | web site",
    "website | license | licence | anwendung | programm | lizenz | webseite | datenbank | logiciel",
    "application web | site web | aplicacion | programa | licencia | toepassing | applicatie",
    "applicazione | programma | aplicacao | aplicativo | licenca",
  ],
  other: [
    "other | misc | miscellaneous | monitor | screen | display | docking station | dock | keyboard",
    "mouse | projector | beamer | camera | tv | peripheral | accessory | sonstiges | andere | bildschirm",
    "zubehor | autre | ecran | accessoire | otro | otros | pantalla | overig | scherm | altro | schermo",
    "outro",
  ],
};
const kindsByWord = new Map(
  Object.entries(kindWords).flatMap(([kind, words]) => split(words).map((word) => [word, kind as AssetKind])),
);

/** What a word says of an asset; undefined: it is not clear. Of several words the last one that is known counts. */
export function guessAssetKind(text: string): AssetKind | undefined {
  const word = plainWord(text);
  const whole = kindsByWord.get(word) ?? kindsByWord.get(word.replace(/(?:es|s|en|e)$/, ""));
  if (whole) return whole;
  const parts = word.split(" ").slice(0, 6);
  return parts.map((part) => kindsByWord.get(part)).findLast((kind) => kind !== undefined);
}
