//! The API's description: what every route has in common is written here once, and the pages that show it.

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::get;
use utoipa::OpenApi;
use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{Content, Ref, RefOr, Required, Response as Described, ResponseBuilder};
use utoipa_swagger_ui::{Config, SwaggerUi};

use super::auth::Access;
use super::problem::{FieldError, Kind, MEDIA_TYPE, ProblemBody};
use super::routes::Work;

/// The part of the description that no route adds to.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Bestand",
        description = "Whether the stock to ship an order is there, out of every system that holds stock.\n\n\
            Every number carries the time it was true and its source's name. Unknown is never zero: `in_stock`, `short`, \
            `out_of_stock`, `unknown_sku`, `not_tracked` and `unavailable` are six different answers, and each that is \
            not `in_stock` says why.\n\n\
            Errors are `application/problem+json` (RFC 9457): program against `type`, show `detail`. Lists come in \
            pages: send `next_cursor` back as `cursor`, or follow the `Link` header. A write that carries an \
            `Idempotency-Key` is done once within a day. What people edit has an `ETag`; send it as `If-Match` with a \
            change.\n\n\
            Tools that speak ShipStation's APIs find them here too, as ShipStation describes them: the newer one at \
            `/v2` (inventory; the header `api-key` holds key and secret with a colon between them), the older one at the \
            root or, to leave no doubt, under `/ssapi` (orders, warehouses, stores, products, and the registration of \
            partners at `/Integratedapp/Register`; HTTP Basic).",
        license(name = "MIT OR Apache-2.0"),
    ),
    components(schemas(ProblemBody, FieldError)),
    tags(
        (name = "Availability", description = "Whether articles are there, now."),
        (name = "Orders", description = "What is to ship, and whether it can."),
 (name = "Products", description = "One article over all sources."),
        (name = "Inventory sources", description = "The places that hold stock, and what lies there."),
        (name = "Ship-from locations", description = "Where orders ship from, each linked to one source."),
        (name = "Aliases and kits", description = "What our articles are called at a source, and what they are made of."),
        (name = "Stock takes", description = "Goods are counted, and what differs is written to the system that holds them."),
        (name = "Connections", description = "Configured accounts at other systems."),
        (name = "Adapters", description = "The kinds of system that can be connected."),
        (name = "Activity", description = "What happened."),
        (name = "Events", description = "What changes, told to programs as it happens."),
        (name = "Webhooks", description = "Addresses that are told of it, with signatures."),
        (name = "API keys", description = "Key and secret pairs and their roles."),
        (name = "Operation", description = "Whether the daemon is well."),
    ),
)]
struct Head;

const SCHEME: &str = "key_and_secret";

/// What the pages may load: themselves. The daemon may be out of reach of any other host, and should not need one.
const CONTENT_SECURITY_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:",
);

/// The description without any routes.
pub(super) fn head() -> utoipa::openapi::OpenApi {
    let mut document = Head::openapi();
    let mut http = Http::new(HttpAuthScheme::Basic);
    http.description =
        Some("An API key (`bk_…`) as user name and its secret (`bs_…`) as password.".into());
    let components = document.components.get_or_insert_default();
    components.add_security_scheme(SCHEME, SecurityScheme::Http(http));
    for status in statuses() {
        let name = response_name(status);
        components
            .responses
            .insert(name, RefOr::T(problem_response(status)));
    }
    document
}

/// Adds to an operation what follows from who may call it and what it does.
pub(super) fn describe(operation: &mut Operation, path: &str, access: Access, work: Work) {
    let needed = SecurityRequirement::new(SCHEME, [] as [&str; 0]);
    operation.security = Some(match access {
        Access::Anyone => vec![],
        Access::Local => vec![SecurityRequirement::default(), needed],
        Access::Key(_) => vec![needed],
    });
    let who = match access {
        Access::Anyone => "Open to anybody.".into(),
        Access::Local => {
            "Open to programs on the same machine; others need the role `reader`.".into()
        }
        Access::Key(role) => format!("Needs the role `{}` or a higher one.", role.as_str()),
    };
    let described = operation.description.take().unwrap_or_default();
    operation.description = Some(format!("{described}\n\n{who}").trim().to_owned());
    if work != Work::Read {
        add_header(
            operation,
            "Idempotency-Key",
            "Makes sure that this is done once within a day, however often it is sent.",
        );
    }
    for status in failures(operation, path, access, work) {
        let reference = RefOr::Ref(Ref::from_response_name(response_name(status)));
        operation
            .responses
            .responses
            .entry(status.as_str().to_owned())
            .or_insert(reference);
    }
}

/// With what a route may fail besides what its handler names itself.
fn failures(operation: &Operation, path: &str, access: Access, work: Work) -> Vec<StatusCode> {
    let names_one = path.contains('{');
    let has_body = operation.request_body.is_some();
    let conditional = has_header(operation, "If-Match");
    let has_input = has_body
        || operation
            .parameters
            .as_ref()
            .is_some_and(|all| !all.is_empty());
    let possible = [
        (has_body, StatusCode::BAD_REQUEST),
        (access != Access::Anyone, StatusCode::UNAUTHORIZED),
        (access != Access::Anyone, StatusCode::FORBIDDEN),
        (names_one, StatusCode::NOT_FOUND),
        (has_body, StatusCode::REQUEST_TIMEOUT),
        (work != Work::Read, StatusCode::CONFLICT),
        (conditional, StatusCode::PRECONDITION_FAILED),
        (has_body, StatusCode::PAYLOAD_TOO_LARGE),
        (has_body, StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (has_input, StatusCode::UNPROCESSABLE_ENTITY),
        (conditional, StatusCode::PRECONDITION_REQUIRED),
        (access != Access::Anyone, StatusCode::TOO_MANY_REQUESTS),
        (true, StatusCode::INTERNAL_SERVER_ERROR),
        (true, StatusCode::SERVICE_UNAVAILABLE),
    ];
    possible
        .into_iter()
        .filter_map(|(may, status)| may.then_some(status))
        .collect()
}

fn has_header(operation: &Operation, name: &str) -> bool {
    let parameters = operation.parameters.iter().flatten();
    parameters.into_iter().any(|parameter| match parameter {
        RefOr::T(parameter) => parameter.name == name,
        RefOr::Ref(_) => false,
    })
}

fn add_header(operation: &mut Operation, name: &str, description: &str) {
    let text = ObjectBuilder::new().schema_type(Type::String);
    let parameter = ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(description))
        .schema(Some(text));
    let parameters = operation.parameters.get_or_insert_default();
    parameters.push(RefOr::T(parameter.build()));
}

/// Every status that a problem can have, once.
fn statuses() -> Vec<StatusCode> {
    let mut statuses: Vec<StatusCode> = Kind::ALL.iter().map(|kind| kind.status()).collect();
    statuses.sort_unstable();
    statuses.dedup();
    statuses
}

fn response_name(status: StatusCode) -> String {
    format!("Problem{}", status.as_str())
}

fn problem_response(status: StatusCode) -> Described {
    let problem = Content::new(Some(Ref::from_schema_name("Problem")));
    ResponseBuilder::new()
        .description(Kind::titles_of(status))
        .content(MEDIA_TYPE, problem)
        .build()
}

/// The description itself, and the pages to browse it.
pub(super) fn pages<S: Clone + Send + Sync + 'static>(
    document: &utoipa::openapi::OpenApi,
) -> Router<S> {
    let json = document.to_json().expect("a description of texts is JSON");
    let json = Bytes::from(json);
    let headers = [(header::CONTENT_TYPE, "application/json")];
    // Told not to ask its validator, which is on another host.
    let config = Config::from("/openapi.json").validator_url("none");
    let docs: Router<S> = SwaggerUi::new("/docs").config(config).into();
    docs.layer(map_response(async |mut response: Response| {
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY);
        response
    }))
    .route("/openapi.json", get(move || async move { (headers, json) }))
}
