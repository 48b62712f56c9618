/** The page of the API. Apart from the catalogue of the pages, none of which it loads. */
export const apiDocs = {
  intro:
    "Everything the pages do, a script can do. Try it out uses the session you are signed in with here; to try a key, press Authorize and paste it. It is the real record: what you send is done.",
} as const;
