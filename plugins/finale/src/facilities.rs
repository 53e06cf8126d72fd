//! The account's places: locations, which become inventory sources, and the sublocations that lie in them.

use std::collections::HashMap;

use bestand_plugin_api::{Location, LocationId, LocationKind, Result};

use crate::columns::Columns;
use crate::settings::Settings;

const ACTIVE: &str = "FACILITY_ACTIVE";

/// Finale nests two levels deep; whatever lies deeper than this lies in a circle.
const NESTED_MAX: usize = 8;

/// All facilities of the account, in Finale's order.
#[derive(Debug)]
pub(crate) struct Facilities {
    list: Vec<Facility>,
    by_url: HashMap<String, usize>,
}

/// A location, or with a parent a sublocation.
#[derive(Debug)]
pub(crate) struct Facility {
    pub(crate) id: LocationId,
    pub(crate) url: String,
    pub(crate) name: String,
    pub(crate) active: bool,
    parent_url: Option<String>,
    role: Role,
}

/// What a facility is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Location,
    Sublocation,
    /// Made by Finale for goods between locations.
    Transit,
    /// Excluded by the settings.
    Excluded,
}

/// Where the stock of a facility belongs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Home<'a> {
    pub(crate) location: &'a Facility,
    pub(crate) sellable: bool,
}

// === impl Facilities ===

impl Facilities {
    /// Reads a body of `facility/`.
    pub(crate) fn parse(body: &[u8], settings: &Settings) -> Result<Self> {
        let columns = Columns::parse("facility", "facilityUrl", body)?;
        let (ids, urls) = (columns.text("facilityId")?, columns.text("facilityUrl")?);
        let (names, parents) = (
            columns.text("facilityName")?,
            columns.text("parentFacilityUrl")?,
        );
        let (statuses, types) = (columns.text("statusId")?, columns.text("facilityTypeId")?);
        let mut facilities = Self {
            list: Vec::with_capacity(urls.len()),
            by_url: HashMap::new(),
        };
        for row in 0..urls.len() {
            let Some(url) = urls.str(row) else { continue };
            let id = ids
                .str(row)
                .or_else(|| url.rsplit('/').next())
                .unwrap_or(url);
            let name = names.str(row).unwrap_or(id);
            let parent_url = parents.str(row).map(str::to_owned);
            facilities.add(Facility {
                id: id.into(),
                url: url.to_owned(),
                name: name.to_owned(),
                active: statuses.str(row).is_none_or(|status| status == ACTIVE),
                role: Role::of(name, parent_url.as_deref(), types.str(row), settings),
                parent_url,
            });
        }
        Ok(facilities)
    }

    /// A facility that is listed twice counts once.
    fn add(&mut self, facility: Facility) {
        if !self.by_url.contains_key(&facility.url) {
            self.by_url.insert(facility.url.clone(), self.list.len());
            self.list.push(facility);
        }
    }

    /// The locations: what has no parent.
    pub(crate) fn locations(&self) -> impl Iterator<Item = &Facility> {
        self.list
            .iter()
            .filter(|facility| facility.role == Role::Location)
    }

    /// What lies in a location.
    pub(crate) fn sublocations<'a>(
        &'a self,
        location: &'a Facility,
    ) -> impl Iterator<Item = &'a Facility> {
        let inside =
            |facility: &&Facility| facility.parent_url.as_deref() == Some(location.url.as_str());
        self.list.iter().filter(inside)
    }

    pub(crate) fn has_sublocation(&self, name: &str) -> bool {
        self.list
            .iter()
            .any(|facility| facility.role != Role::Location && facility.name == name)
    }

    pub(crate) fn find_location(&self, id: &LocationId) -> Option<&Facility> {
        self.locations().find(|location| location.id == *id)
    }

    /// The location a row of stock belongs to, by its facility, or by its parent when that is not known.
    pub(crate) fn find_home(
        &self,
        url: Option<&str>,
        parent_url: Option<&str>,
    ) -> Option<Home<'_>> {
        let mut facility = url
            .and_then(|url| self.find(url))
            .or_else(|| parent_url.and_then(|url| self.find(url)))?;
        let mut sellable = facility.is_sellable();
        for _ in 0..NESTED_MAX {
            let Some(parent_url) = &facility.parent_url else {
                return Some(Home {
                    location: facility,
                    sellable,
                });
            };
            facility = self.find(parent_url)?;
            sellable &= facility.is_sellable();
        }
        None
    }

    /// Everything as the host lists it.
    pub(crate) fn listed(&self) -> Vec<Location> {
        let parent_id = |url: &String| self.find(url).map(|parent| parent.id.clone());
        let listed = |facility: &Facility| {
            let kind = facility.role.kind();
            let mut location = Location::new(facility.id.0.clone(), &facility.name, kind);
            location.parent = facility.parent_url.as_ref().and_then(parent_id);
            location.active = facility.active;
            location.sellable = facility.is_sellable();
            location
        };
        self.list.iter().map(listed).collect()
    }

    fn find(&self, url: &str) -> Option<&Facility> {
        self.by_url.get(url).map(|index| &self.list[*index])
    }
}

// === impl Facility ===

impl Facility {
    /// Whether what lies here may be sold.
    pub(crate) fn is_sellable(&self) -> bool {
        matches!(self.role, Role::Location | Role::Sublocation)
    }
}

// === impl Role ===

impl Role {
    /// Transit sublocations are made by Finale itself; nothing but their name, or a type where it is given, tells.
    fn of(
        name: &str,
        parent_url: Option<&str>,
        facility_type: Option<&str>,
        settings: &Settings,
    ) -> Self {
        let is_transit = |text: &str| {
            text.split(|letter: char| !letter.is_alphanumeric())
                .any(|word| word.eq_ignore_ascii_case("transit"))
        };
        match parent_url {
            None => Role::Location,
            Some(_)
                if settings
                    .excluded_sublocations
                    .iter()
                    .any(|excluded| excluded == name) =>
            {
                Role::Excluded
            }
            Some(_) if is_transit(name) || facility_type.is_some_and(is_transit) => Role::Transit,
            Some(_) => Role::Sublocation,
        }
    }

    fn kind(self) -> LocationKind {
        match self {
            Role::Location => LocationKind::Site,
            Role::Sublocation | Role::Excluded => LocationKind::Area,
            Role::Transit => LocationKind::Transit,
        }
    }
}
