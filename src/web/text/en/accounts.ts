/** Set-up, sign-in, passwords. */
export const accounts = {
  "setUp.title": "Open your book",
  "setUp.intro":
    "This makes the first account and its company. It takes a minute; everything here can be changed later.",
  "setUp.you": "You",
  "setUp.name": "Your name",
  "setUp.email": "Your e-mail address",
  "setUp.password": "A password",
  "setUp.passwordHint": "At least 12 characters. Three or four random words are good.",
  "setUp.yourCompany": "Your company",
  "setUp.companyName": "Name of the company",
  "setUp.timeZone": "Time zone",
  "setUp.currency": "Currency",
  "setUp.submit": "Open the book",
  "setUp.needName": "Your name, please.",
  "setUp.needEmail": "An e-mail address, please.",
  "setUp.needCompany": "The name of the company, please.",
  "setUp.noToken.title": "This page needs the set-up link",
  "setUp.noToken.text":
    "When the server starts for the first time it prints a link that works once. Open that link. If it is lost, restart the server: it prints a new one until the first account exists.",
  "signIn.title": "Sign in",
  "signIn.email": "E-mail",
  "signIn.password": "Password",
  "signIn.submit": "Sign in",
  "signIn.expired": "You were signed out. Sign in to go on where you were; what you had typed is kept.",
  "signIn.help": "No account, or the password is lost? An owner of the company can give you a new link.",
  "password.title": "Choose a password",
  "password.intro":
    "The link you were given works once. After this you sign in with your e-mail address and this password.",
  "password.new": "New password",
  "password.submit": "Set the password",
  "password.noToken.title": "This page needs the link you were given",
  "password.noToken.text":
    "Open the link from the person who added you. If it no longer works, ask them for a new one.",
  "password.tooShort": { one: "{n} more character, please.", other: "{n} more characters, please." },
  tagline: "The business’s own record of its IT support",
} as const;
