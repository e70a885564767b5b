/** The interface over HTTP, from what the server says of it. */
import { useQuery } from "@tanstack/react-query";
import { exampleOf } from "./example";
import { codesOf, operationsOf, schemaText, type ApiDocument, type ApiOperation } from "./openapi";
import { problemTitle } from "../api/problems";
import { t } from "../messages";
import { helpHash } from "../state/route";

const URL = "/api/v1/openapi.json";

async function load(): Promise<ApiDocument> {
  const response = await fetch(URL);
  if (!response.ok) throw new Error(response.statusText);
  return (await response.json()) as ApiDocument;
}

export function ApiReference() {
  const { data, error } = useQuery({ queryKey: ["openapi"], queryFn: load, staleTime: Infinity });
  if (error) return <p className="problem-text">{t("serverGone")}</p>;
  if (!data) return <p className="help-none">{t("loading")}</p>;
  return (
    <div className="help-document">
      <h1>{t("helpApi")}</h1>
      <p>
        {t("helpApiText")}{" "}
        <a href={URL} target="_blank" rel="noreferrer">
          {URL}
        </a>
      </p>
      <p>{t("apiToken")}</p>
      <p>{t("helpApiDraft")}</p>
      {operationsOf(data).map(({ tag, description, operations }) => (
        <section key={tag}>
          <h2>{tag}</h2>
          <p>{description}</p>
          {operations.map((operation) => (
            <Operation key={operation.id} operation={operation} document={data} />
          ))}
        </section>
      ))}
    </div>
  );
}

function Operation({ operation, document }: { operation: ApiOperation; document: ApiDocument }) {
  const { method, path, summary, description, parameters, body, answers } = operation;
  return (
    <details className="api-operation" id={operation.id}>
      <summary>
        <code className={`api-method ${method}`}>{method.toUpperCase()}</code>
        <code className="api-path">{path}</code>
        <span>{summary}</span>
      </summary>
      {description === undefined ? null : <p>{description}</p>}
      {parameters.length > 0 ? (
        <div className="help-table">
          <table>
            <thead>
              <tr>
                <th>{t("apiParameter")}</th>
                <th>{t("apiWhere")}</th>
                <th>{t("apiType")}</th>
                <th>{t("apiMeaning")}</th>
              </tr>
            </thead>
            <tbody>
              {parameters.map((parameter) => (
                <tr key={`${parameter.in} ${parameter.name}`}>
                  <td>
                    <code>{parameter.name}</code>
                    {parameter.required === true ? <abbr title={t("required")}>{"*"}</abbr> : null}
                  </td>
                  <td>{parameter.in}</td>
                  <td>
                    <code>{schemaText(document, parameter.schema)}</code>
                  </td>
                  <td>{parameter.description}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
      {body === undefined ? null : (
        <>
          <h4>{t("apiBody")}</h4>
          <pre tabIndex={0}>{schemaText(document, body)}</pre>
        </>
      )}
      <h4>{t("apiExample")}</h4>
      <pre tabIndex={0}>{exampleOf(document, operation, location.origin)}</pre>
      {answers
        .filter(({ status }) => Number(status) < FIRST_ERROR)
        .map((answer) => (
          <div key={answer.status}>
            <h4>
              {answer.status} <small>{answer.description}</small>
            </h4>
            {answer.schema === undefined ? null : (
              <pre tabIndex={0}>{schemaText(document, answer.schema)}</pre>
            )}
          </div>
        ))}
      <h4>{t("apiProblems")}</h4>
      <ul className="api-problems">
        {answers
          .filter(({ status }) => Number(status) >= FIRST_ERROR)
          .map(({ status, schema }) => (
            <li key={status}>
              {status} <Codes codes={codesOf(schema)} status={Number(status)} />
            </li>
          ))}
      </ul>
    </details>
  );
}

const FIRST_ERROR = 400;

/** Codes of problems, each with the way to what the manual says of it. */
function Codes({ codes, status }: { codes: string[]; status: number }) {
  return codes.map((code) => (
    <span key={code}>
      <a href={helpHash("problems", code.toLowerCase())}>
        <code>{code}</code>
      </a>{" "}
      <small>{problemTitle(code, status)}</small>
    </span>
  ));
}
