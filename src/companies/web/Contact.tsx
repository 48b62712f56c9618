import styles from "./Contact.module.css";

/** E-mail and phone, each ready to use. */
export function Contact({ email, phone }: { email: string | null; phone: string | null }) {
  if (!email && !phone) return <span className={styles["none"]}>–</span>;
  return (
    <span className={styles["contact"]}>
      {email && <a href={`mailto:${encodeURIComponent(email).replaceAll("%40", "@")}`}>{email}</a>}
      {phone && <a href={`tel:${phone.replaceAll(/[^\d+]/g, "")}`}>{phone}</a>}
    </span>
  );
}
