//! `/api/v1/flows/{flow}/content/table`: rows of a table that waits in a queue, without it being
//! taken.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use tutti_model::chain;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;
use super::content::open;
use super::views::{Readable, unread};
use crate::answer::json;
use crate::extract::{Query, page_length};
use crate::problem::{Code, Problem};
use crate::views::Source;
use crate::views::table::{self, Rows, Said, Table, TableError};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(table))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Page {
    /// The path of a connection.
    connection: String,
    /// The flowfile, as the listing numbers it.
    number: u64,
    /// The row that the page begins with.
    #[serde(default)]
    offset: u64,
    /// How many rows at most, 1 to 1,000; 100 when it is not said.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
}

/// Rows of a table that waits: CSV, Arrow, Parquet, lines of JSON, or a list of objects.
#[utoipa::path(
    get,
    path = "/api/v1/flows/{flow}/content/table",
    tag = "Queues",
    operation_id = "getTable",
    extensions(("x-problems" = json!([
        Code::NoFlow, Code::NotRunning, Code::NoConnection, Code::NoFlowFile, Code::Limit,
        Code::NoTable, Code::TableProgram, Code::Repository
    ]))),
    params(("flow" = String, Path, description = "The name of a flow."), Page),
    responses((status = 200, description = "The rows.", body = Table))
)]
async fn table(
    State(app): State<App>,
    Path(flow): Path<String>,
    Query(page): Query<Page>,
) -> Response {
    match read(&app, flow, page).await {
        Ok(table) => json(&table),
        Err(problem) => problem.into_response(),
    }
}

async fn read(app: &App, flow: String, page: Page) -> Result<Table, Problem> {
    let Page { connection, number, offset, limit } = page;
    let limit = page_length(limit)?;
    let content = open(app, flow, connection, number).await?;
    let (stop, _waiting) = app.views.wait();
    let attribute = |name: &str| content.flowfile.attributes.get(name).cloned();
    let said = Said { mime: attribute("mime.type"), filename: content.flowfile.filename.clone() };
    let bytes = content.flowfile.bytes;
    let program = Arc::clone(&app.table_program);
    let read = move || {
        let reader: Box<dyn Readable> = match content.reader {
            Some(reader) => Box::new(reader),
            None => Box::new(std::io::empty()),
        };
        table::read(Source::new(reader, bytes, stop), &said, Rows { offset, limit }, &program)
    };
    app.views.done(read).await?.map_err(|error| match error {
        TableError::Read(error) => unread(&error),
        TableError::Start(_) => Problem::new(Code::TableProgram, chain(&error)),
        TableError::None | TableError::Broken(_) => Problem::new(Code::NoTable, chain(&error)),
    })
}
