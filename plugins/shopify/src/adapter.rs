//! Who this adapter is, and the two things every adapter does: prove that it works, and name the places.

use bestand_plugin_api::{
    Absent, Account, Adapter, AdapterError, Ctx, Cursor, Listing, Location, LocationId, Manifest,
    Result, Semantics,
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Shopify;
use crate::bulk::OpenFile;
use crate::catalog::Catalog;
use crate::client::{API_VERSION, Answered, Client};
use crate::graph::Connection;
use crate::operations::{LOCATIONS, SHOP_PROBE};
use crate::settings::{Settings, secrets};
use crate::throttle::Urgency;

/// Locations a page: the most Shopify allows.
const LOCATIONS_PAGE_SIZE: usize = 250;

/// Without these scopes no stock can be read; `write_x` includes `read_x`.
const SCOPES_NEEDED: [&str; 2] = ["read_inventory", "read_locations"];

/// The shop, the app's rights, and the versions served.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Probe {
    shop: Shop,
    current_app_installation: Installation,
    public_api_versions: Vec<Version>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Shop {
    name: String,
    myshopify_domain: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Installation {
    access_scopes: Vec<Scope>,
}

#[derive(Deserialize)]
struct Scope {
    handle: String,
}

#[derive(Deserialize)]
struct Version {
    handle: String,
    supported: bool,
}

#[derive(Deserialize)]
struct Locations {
    locations: Connection<Place>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Place {
    id: String,
    name: String,
    is_active: bool,
    fulfills_online_orders: bool,
    #[serde(default)]
    address: Value,
}

impl Adapter for Shopify {
    type Settings = Settings;

    fn manifest() -> Manifest {
        let mut manifest = Manifest::new("shopify", "Shopify", env!("CARGO_PKG_VERSION"));
        manifest.publisher = "Bestand".into();
        manifest.description = "Stock of a Shopify shop, at each of its locations.".into();
        manifest.secrets = secrets();
        manifest.outbound = ["*.myshopify.com", "storage.googleapis.com", "{base_url}"]
            .map(String::from)
            .to_vec();
        manifest.semantics = Semantics::new(
            "on_hand - committed - damaged - quality_control - reserved - safety_stock",
            Absent::Unknown,
        );
        manifest.support.name = "Bestand".into();
        manifest.support.url =
            "https://help.shopify.com/en/manual/apps/app-types/custom-apps".into();
        manifest.support.checks = [
            "Shopify admin › Settings › Apps: the app is installed and has the scopes read_inventory and read_locations.",
            "Shopify admin › Products › the variant: it has the SKU and \"Track quantity\" is on.",
        ]
        .map(String::from)
        .to_vec();
        manifest
    }

    fn open(settings: Settings) -> Result<Self> {
        let origin = settings.origin()?;
        let client = Client::new(&origin, settings.auth(&origin));
        Ok(Self {
            settings,
            client,
            catalog: Catalog::default(),
            open_file: OpenFile::default(),
        })
    }

    async fn check(&self, ctx: &Ctx) -> Result<Account> {
        let answer: Answered<Probe> = self
            .client
            .ask(ctx, &SHOP_PROBE, json!({}), Urgency::Background)
            .await?;
        let Probe {
            shop,
            current_app_installation,
            public_api_versions,
        } = answer.data;
        if !shop
            .myshopify_domain
            .eq_ignore_ascii_case(&self.settings.shop)
        {
            let message = format!("the credentials belong to `{}`", shop.myshopify_domain);
            return Err(AdapterError::config("shop", message));
        }
        let mut warnings: Vec<String> = scope_warnings(&current_app_installation.access_scopes)?;
        let served = public_api_versions
            .iter()
            .any(|version| version.handle == API_VERSION && version.supported);
        if !served {
            warnings.push(format!(
                "Shopify no longer lists API version {API_VERSION} as supported; install a newer release of this adapter."
            ));
        }
        warnings.extend(self.client.version_warning());
        Ok(Account::named(shop.name).with_warnings(warnings))
    }

    async fn locations(&self, ctx: &Ctx, cursor: Option<Cursor>) -> Result<Listing<Location>> {
        let after = cursor.map(|Cursor(after)| after);
        let variables = |first: usize| json!({ "first": first, "after": after });
        let answer: Answered<Locations> = self
            .client
            .ask_page(
                ctx,
                &LOCATIONS,
                LOCATIONS_PAGE_SIZE,
                Urgency::Background,
                variables,
            )
            .await?;
        let Connection { nodes, page_info } = answer.data.locations;
        let items = nodes.into_iter().map(Location::from).collect();
        Ok(
            match page_info.end_cursor.filter(|_| page_info.has_next_page) {
                Some(after) => Listing::page(items, after),
                None => Listing::done(items),
            },
        )
    }
}

impl Shopify {
    /// The ids of all locations, whatever their number.
    pub(crate) async fn all_location_ids(&self, ctx: &Ctx) -> Result<Vec<LocationId>> {
        let mut ids = Vec::new();
        let mut cursor = None;
        loop {
            match self.locations(ctx, cursor).await? {
                Listing::Page { items, next, .. } => {
                    ids.extend(items.into_iter().map(|location| location.id));
                    cursor = Some(next);
                }
                Listing::Done { items, .. } => {
                    ids.extend(items.into_iter().map(|location| location.id));
                    return Ok(ids);
                }
                _ => {
                    return Err(AdapterError::bug("locations are never pending"));
                }
            }
        }
    }
}

fn scope_warnings(granted: &[Scope]) -> Result<Vec<String>> {
    let has = |scope: &str| granted.iter().any(|held| held.handle == scope);
    for scope in SCOPES_NEEDED {
        if !has(scope) && !has(&scope.replacen("read_", "write_", 1)) {
            return Err(AdapterError::auth(format!(
                "the app lacks the scope `{scope}`: grant it and install the app again"
            )));
        }
    }
    let read_only =
        "The app lacks the scope write_inventory, so stock can be read but not written.";
    Ok(if has("write_inventory") {
        Vec::new()
    } else {
        vec![read_only.to_owned()]
    })
}

impl From<Place> for Location {
    fn from(place: Place) -> Self {
        let part = |name: &str| {
            place
                .address
                .get(name)
                .and_then(Value::as_str)
                .filter(|part| !part.is_empty())
        };
        let names = [
            "address1",
            "address2",
            "zip",
            "city",
            "provinceCode",
            "countryCode",
        ];
        let parts: Vec<_> = names.into_iter().filter_map(part).collect();
        let address = (!parts.is_empty()).then(|| parts.join(", "));
        let mut location = Self::site(place.id, place.name);
        location.active = place.is_active;
        location.sellable = place.fulfills_online_orders;
        location.address = address;
        location
    }
}
