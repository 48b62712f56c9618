import { Link } from "@tanstack/react-router";
import { useCompany } from "../../web/CompanyContext.tsx";
import styles from "./TagList.module.css";

/** Tags one after the other; each leads to the requests that have it. */
export function TagList({ tags }: { tags: readonly string[] }) {
  const { id: company } = useCompany();
  return (
    <span className={styles["tags"]}>
      {tags.map((tag) => (
        <Link
          key={tag}
          to="/c/$company/requests"
          params={{ company }}
          search={{ tag }}
          className={styles["tag"]}
          dir="auto"
        >
          {tag}
        </Link>
      ))}
    </span>
  );
}
