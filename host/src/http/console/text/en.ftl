# What the console says in English.

## The frame
skip = Skip to the content
menu = Menu
menu-orders = Orders
menu-products = Products
menu-locations = Ship-from locations
menu-sources = Inventory sources
menu-connections = Connections
menu-status = Status
menu-activity = Activity
menu-plugins = Plugins
menu-keys = API keys
menu-users = Users
language = Language
theme-system = As the system has it
theme-light = Light
theme-dark = Dark
unsigned-banner = Adapters without a signature run here, for development only: { $name }
actions = Actions
any = Any
yes = Yes
no = No
save = Save
search = Search
close = Close
filter = Filter
filter-apply = Search
filter-clear = Clear the filter
next-page = Next page
next-step = What to do:
when = When
before = Before
after = After
cause = Cause

## Moments
when-now = just now
when-soon = in a moment
when-ago-seconds = { $count ->
    [one] { $shown } second ago
   *[other] { $shown } seconds ago
}
when-ago-minutes = { $count ->
    [one] { $shown } minute ago
   *[other] { $shown } minutes ago
}
when-ago-hours = { $count ->
    [one] { $shown } hour ago
   *[other] { $shown } hours ago
}
when-ago-days = { $count ->
    [one] { $shown } day ago
   *[other] { $shown } days ago
}
when-in-seconds = { $count ->
    [one] in { $shown } second
   *[other] in { $shown } seconds
}
when-in-minutes = { $count ->
    [one] in { $shown } minute
   *[other] in { $shown } minutes
}
when-in-hours = { $count ->
    [one] in { $shown } hour
   *[other] in { $shown } hours
}
when-in-days = { $count ->
    [one] in { $shown } day
   *[other] in { $shown } days
}

## People
role-reader = Reader
role-operator = Operator
role-admin = Admin
role-partner = Partner
user-name = User name
user-name-invalid = A name has 1 to 100 characters.
user-name-unseen = A name has no characters that cannot be seen: two names must not look the same.
user-name-taken = There is already a user of this name; choose another.
password = Password
password-hint = At least 12 characters; a few words that belong together only for you are good.
password-too-short = At least 12 characters; a few words that only you put together are good.
password-too-long = At most 1,000 characters.
password-is-name = The password must not be the user’s name: everybody can read it off the page.
password-common = This password is among those that are tried first; choose one that nobody else would think of.
password-wrong = The password is wrong.
password-change = Change the password
password-changed = The password is changed. Your other sessions have ended.
password-old = Password until now
password-new = New password
sign-in = Sign in
sign-in-title = Sign in
sign-in-wrong = The name or the password is wrong.
sign-in-disabled = This user is disabled; ask an admin.
sign-in-nobody = Nobody can sign in yet. The daemon printed a link when it started: open it to make the first admin. “bestand user link” makes a new one.
sign-in-throttled = { $count ->
    [one] Too many tries. Try again in { $shown } second.
   *[other] Too many tries. Try again in { $shown } seconds.
}
sign-out = Sign out
set-up-title = Welcome to Bestand
set-up-lead = Make the first admin. It takes one name and one password, and this link works once.
set-up-submit = Make the admin and begin
set-up-void-title = This link was used, or is too old
set-up-link-gone = This link is no longer good. “bestand user link” makes a new one as long as there is no user.
me-title = My account
sessions-title = Where you are signed in
session-browser = Browser
session-browser-on = { $browser } on { $system }
session-browser-unknown = Unknown browser
session-address = Address
session-began = Signed in
session-seen = Last seen
session-this = This one
session-end = End

## What went wrong
problem-not-found = This is not here
problem-forbidden = This is not for you
problem-changed = Somebody was faster
problem-input = This cannot be done
problem-ours = Something went wrong on our side
problem-back = To the orders
problem-request = The log tells more under { $name }.
problem-role = This needs the role { $needed }; you have the role { $has }.
problem-other-site = Another site made your browser send this, so nothing was done. If you meant it, do it here.

## Orders
orders-title = Orders
orders-lead = Whether the stock to ship each order is there, from the source of its ship-from location alone.
orders-search = Order number or SKU
orders-can-ship-now = Can ship now
orders-none = No orders here
orders-none-here = None on this part of the list has what you look for; there is more on the next page.
orders-none-why = No order is as the filter says. Orders come in over the API, by “bestand import orders”, or from your shop’s connection.
order-title = Order { $name }
order-missing = There is no order { $name }.
order-open = Open the order
order-number = Order
order-status = Status
order-awaiting_shipment = Awaiting shipment
order-on_hold = On hold
order-shipped = Shipped
order-cancelled = Cancelled
order-all = Every status
sequence = Sequence
oldest-first = Oldest first
newest-first = Newest first
verdict = Verdict
verdict-can_ship = Can ship
verdict-short = Short
verdict-unknown = Unknown
consequence-warn = Take care
consequence-block = Must not ship
ship-from = Ship-from location
source = Inventory source
no-source = No source linked
as-of = As of
stale = Stale
lines = Lines
lines-title = What is on it
placed = Placed
panel = The order that is looked at
select-all = Select all
select-order = Select order { $name }
selected = selected
move-to = Ship from
move = Change
article = Article
required = Required
stock = Stock
available = Available
on-hand = On hand
allocated = Allocated
incoming = Incoming
elsewhere-title = What other locations could do
elsewhere-can = This order can ship from { $name }.
first-title = Three steps to your first answer
first-connect = Connect a system that holds stock
first-connect-how = Its places then appear as inventory sources, each under its heading.
first-link = Link a ship-from location to its source
first-link-how = The order’s ship-from location alone decides which source is asked.
first-order = See an order
first-order-how = Send one over the API, or import a file with “bestand import orders”.
first-order-link = How the API takes orders

## Answers to a line
line-in_stock = In stock
line-short = Short
line-out_of_stock = Out of stock
line-unknown_sku = Unknown SKU
line-not_tracked = Not tracked
line-unavailable = No count
line-unreadable = This line could not be read.
not-goods-no-sku = No article
not-goods-returned = Returned
not-goods-no-quantity = None asked for
not-goods-adjustment = Adjustment
not-goods-charge = Postage, discount or fee
cause-too-few = { $needed } needed, { $available } available.
cause-none-left = { $needed } needed, none available.
cause-oversold = { $needed } needed, none available: the source has promised { $missing } more than it has.
cause-held-back = { $needed } needed, none available: { $kept } are kept back as buffer.
cause-not-stocked = The source has the article, but does not stock it here.
cause-not-listed = The source does not have this SKU.
cause-not-tracked = The source does not track this article.
cause-ambiguous = Several articles of the source carry this SKU.
cause-not-counted = The source names the article without a count.
cause-not-retrieved = The count could not be retrieved.
advice-not-listed = Check the SKU on the order, and that the article exists under it in the inventory source.
advice-not-tracked = Turn on inventory tracking for the article in the inventory source, or look on the shelf.
advice-ambiguous = Give every article its own SKU in the inventory source.
advice-not-counted = Enter a count for the article in the inventory source.
advice-not-stocked = Stock the article at this place, or ship the order from a location that has it.
trouble-no_ship_from_location = The order names no ship-from location, and there is no default one.
trouble-ship_from_location_gone = The ship-from location that the order names is no longer there.
trouble-no_inventory_source = No inventory source is linked to the ship-from location { $name }.
trouble-source_closed = The inventory source { $name } is no longer there in its own system.
trouble-not_listed_yet = The inventory source { $name } has not been listed completely yet.
trouble-not_answered = No fresh count could be retrieved.
trouble-store_unavailable = Bestand’s own database does not answer.
trouble-advice-no_ship_from_location = Choose a ship-from location on the order, or make one of them the default.
trouble-advice-ship_from_location_gone = Choose another ship-from location on the order.
trouble-advice-no_inventory_source = Link an inventory source to { $name }.
trouble-advice-source_closed = Open { $name } again in its own system, or link another source to the ship-from location.
trouble-advice-not_listed_yet = Wait for the first sync to end; look at the connection if it does not.
trouble-advice-store_unavailable = Look at the daemon’s log.
trouble-ask = { $advice } { $contact } can help.

## Why a connection does not work
failed-auth = { $name } does not take the credentials.
failed-config = { $name } cannot work with the setting “{ $field }”.
failed-rate-limited = { $name } asks for a pause: there were too many requests.
failed-transient = { $name } cannot be reached for now.
failed-upstream = { $name } answered with the error { $status }.
failed-not-found = { $name } does not have what was asked for.
failed-unsupported = The adapter { $name } cannot do this.
failed-protocol = The answer of { $name } could not be understood.
failed-bug = The adapter { $name } has a fault.
no-adapter-refused = The plugin with the adapter “{ $name }” is refused.
no-adapter-not-enabled = The adapter “{ $name }” is not enabled. Add “[[adapter]]” with “id = "{ $name }"” to the config file.
no-adapter-not-installed = No plugin in the plugin directory holds the adapter “{ $name }”. Install it there.
reason-misfit = The settings or credentials do not fit.
reason-quarantined = The adapter { $name } is quarantined: its process ended too often.
reason-silent = { $name } has pushed nothing for more than { $minutes } minutes.
reason-paused = The connection is paused.
reason-stopped = The connection does not run.
adapter-warns = The adapter points out:
publisher-of-adapter = the adapter’s publisher
do-enter-credentials = Check the credentials in the other system, then enter them anew in this connection.
do-reload = Once that is done, run “bestand reload”; nothing else has to be done here.
do-correct = Correct “{ $name }” in this connection’s settings.
do-report = This is a fault of the adapter; report it. Who can help: { $name }.
do-ask-for-newer = Ask for a newer version of the adapter. Who can help: { $name }.
do-look-there = Check the account in the other system. If all is well there, ask. Who can help: { $name }.
do-ask-partner = Ask { $name } whether its system still sends levels, and whether it uses the API key that was made for it.
do-release = Release the adapter from quarantine once its publisher has mended it, or to try it once more.
do-resume = Resume it under “Connections”.
do-wait = Nothing yet; it is tried again { $name }.
do-look-again = Look again in a moment.
do-wait-for-sync = The next sync brings the numbers up to date.
do-link-another = Link another inventory source.
do-read-with-age = What is stored is shown with its age.
unanswered-too-slow = The other system did not answer within { $shown } ms.
unanswered-connecting = The connection is just being made.
unanswered-not-askable = The adapter cannot look up single SKUs.
unanswered-dropped = The question was lost.
unanswered-source-gone = The inventory source is no longer there.
unanswered-article = { $name } could not read this article.
source-closed-why = Its system has closed the place.
source-closed-do = Open it again in its own system, or link another source.
source-stopped-why = Its connection does not run.
source-stopped-do = Look at the connection; its adapter may not be enabled.
missing-no-adapter = The adapter “{ $name }” does not run.
missing-nothing-pushed = No partner has pushed anything yet.
missing-nothing-pushed-do = Make an API key with the role “Partner” for the partner, and enter it in the partner’s system. Its heading appears with its first push.
missing-not-connected = Nothing is connected through this adapter.
missing-not-connected-do = Make a connection with the credentials of the other system.
missing-connection = The connection “{ $name }” does not work.
missing-no-place = Its system has not named a place that holds stock yet.
missing-no-place-do = Wait for the connection to be ready; then check in the other system that the account may see locations.

## What is wrong with a field
fault-name-length = A name has 1 to { $shown } characters.
fault-interval = This is a whole number of minutes, from { $least } to { $most }.
fault-broken-schema = The adapter’s own description of its settings cannot be used; tell its publisher.
fault-made-by-push = A connection of this adapter is made by a partner’s first push. Make an API key for the partner instead.
fault-no-such-secret = The adapter knows no such secret.
fault-secret-empty = This must not be empty.
fault-secret-to-repeat = Enter it again: “{ $name }” says where it is sent.
fault-secret-unreadable = This secret cannot be read where it is kept; enter it again, or correct the config file.
clash-taken = There is already one named “{ $name }”; choose another name.
clash-changed = Somebody else has changed it meanwhile. Open the page anew, and make your change again.
problem-needs-admin = The connection may reach the installation’s own network, so that only an admin may change “{ $name }”.
problem-kind-malformed = The request could not be read.
problem-kind-unauthenticated = Sign in first.
problem-kind-forbidden = This request is not allowed here. If you came from another site, open the page itself and try again.
problem-kind-not-found = There is no such thing, or not any more.
problem-kind-method-not-allowed = This cannot be done at this address.
problem-kind-body-too-slow = What was sent arrived too slowly. Try again.
problem-kind-conflict = It clashes with what is there.
problem-kind-changed = Somebody else has changed it meanwhile. Open the page anew.
problem-kind-too-large = What was sent is too long.
problem-kind-unsupported-media-type = What was sent is of a kind that is not taken here.
problem-kind-invalid-field = Some of what was entered cannot be right.
problem-kind-idempotency-key-reused = This was already sent with other content.
problem-kind-if-match-required = It is not said which version this is based on. Open the page anew.
problem-kind-too-many-requests = There were too many requests. Wait a moment.
problem-kind-internal = The daemon failed; its log tells more.
problem-kind-unavailable = The daemon cannot answer now. Try again in a moment.
fault-too-long = At most { $shown } characters.
fault-negative = This must not be below zero.
fault-other = This cannot be right.
setting-no-json = This is not JSON.
move-too-many = At most { $shown } orders can be changed at once.
move-no-such-orders = No longer there: { $name }. No order was changed.
rule-required = This is needed.
rule-not-there = The adapter has no such setting: { $name }.
rule-type = This is not the kind of value that belongs here.
rule-form = This does not have the form that is asked for.
rule-one-of = This must be one of: { $name }.
rule-too-few = This is too short: at least { $shown }.
rule-too-many = This is too long: at most { $shown }.
rule-too-small = This is too small; the bound is { $name }.
rule-too-large = This is too large; the bound is { $name }.
rule-twice = An entry stands here twice.
rule-other = The adapter does not take this.

## Ship-from locations
locations-title = Ship-from locations
locations-lead = Where orders ship from. Each is linked to one inventory source; one source may serve many locations.
locations-none = No ship-from location yet
locations-none-how = Make one below and link it to the place whose stock its orders ship from.
location-missing = There is no such ship-from location.
location-new = A new ship-from location
location-make = Make the location
location-name = Name
location-address = Address, on one line
location-source = Inventory source
location-source-none = None: its orders then get no answer
location-source-hint = Every source with its health, and when it was last confirmed.
location-default = Default
location-default-make = Orders that name no location ship from here
location-remove = Remove this location
location-remove-ask = Remove the location { $name }? Orders that ship from it will need another.
location-remove-what = Orders that name it stay, and say that it is gone. The source and its levels stay.
policy = When stock is short or unknown
policy-allow = Allow
policy-allow-hint = It is shown, and the order ships all the same.
policy-warn = Warn
policy-warn-hint = Staff are warned and decide.
policy-block = Block
policy-block-hint = The order must not ship.
buffer = Buffer
buffer-hint = Safety stock in units, taken off what is available.
buffer-invalid = This is a number, such as 5 or 2.5.

## Inventory sources
sources-title = Inventory sources
sources-lead = Every place that holds stock, under the heading of the system it lives in.
sources-none = No inventory source yet
sources-none-how = Connect a system that holds stock: its places appear here by themselves.
source-missing = There is no such inventory source.
source-ready = Ready
source-listing = First sync under way
source-degraded = Degraded
source-needs_attention = Needs attention
source-paused = Paused
source-closed = Closed
source-stopped = Does not run
source-included = In total
source-levels = Levels
source-listed = Last complete listing
source-sellable = May be sold
source-settings = Settings of this source
source-include = Offer it for ship-from locations and include it in total available
source-max-age = Stale after, in minutes
source-max-age-hint = Left empty, it is the installation’s own.
source-max-age-invalid = This is a whole number of minutes, from 1 to 525,600.
health = Health
connection = Connection
heading-missing = Why nothing is listed here:
heading-missing-summary = { $name } is not in the list. Why?
heading-checks = Check in the other system first:
heading-ask = Whom to ask:
levels-title = Stock levels
levels-search = SKU
levels-none = No stock level here
levels-none-why = Nothing is stored of this source yet, or nothing behind this place of the list.
history-title = How it came about
history-none = Nothing has changed since it was first seen.
chart-summary = Available between { $least } and { $most }, from { $from } to { $to }.
cause-of-sync = Full listing
cause-of-change = Change reported by the system
cause-of-live = Asked for an order
cause-of-push = Sent by the system
cause-of-write = Written through Bestand
cause-of-hint = Looked up after a hint

## Connections
connection-connecting = Connecting
connection-ready = Ready
connection-syncing = Syncing
connection-degraded = Degraded
connection-needs_attention = Needs attention
connection-paused = Paused

## Status
status-title = Status
status-lead = Orders that await shipment, and whether every system answers.
status-well = Every connection works.
status-trouble = Not every connection works.

## Connections in full
connections-title = Connections
connections-lead = Accounts at the systems that hold stock. Each brings its places in as inventory sources.
connections-none = Nothing is connected yet
connections-none-how = Choose the system that holds your stock below. It takes its address and the credentials that it gave you.
connect-title = Connect a system
connect = Connect { $name }
adapters-none = No adapter runs. Enable one in the config file and reload; “bestand plugin list” says why the others do not.
connection-new = Connect { $name }
connection-make = Connect
connection-missing = There is no such connection.
connection-name = Name of this connection
connection-change = Settings and credentials
connection-interval = Minutes between syncs
connection-interval-hint = Left empty, it is the installation’s own.
connection-private = It may reach addresses of the own network
connection-private-hint = For a system that runs beside Bestand. Only an admin may allow it.
connection-progress = { $count ->
    [one] { $shown } level so far
   *[other] { $shown } levels so far
}
connection-not-running = The connection does not run; resume it first.
connection-remove = Remove this connection
connection-remove-ask = Remove the connection { $name } with its sources, levels and their history?
connection-remove-what = With it go its sources, their levels and their history. This cannot be undone.
connection-remove-links = Locations linked to nothing then
optional = (optional)
setting-lines = One on each line.
setting-pairs = One on each line, as name = value.
setting-json = As JSON.
secret-stays = Left empty, it stays as it is.
last-sync = Last sync
next-sync = Next
of-config = From the config file
of-config-how = This connection stands in the config file. Change it there and run “bestand reload”.
bucket-left = Requests left ({ $name })
hook-path = Where its system may send webhooks
hooks-waiting = Webhooks kept for later
check = Test connection
check-good = It works: { $name } answered.
check-bad = It does not work.
sync-now = Sync now
sync-full = Sync everything
pause = Pause
resume = Resume

## Activity
activity-title = Activity
activity-lead = What happened, newest first: what people and programs changed, and how connections and adapters fared.
activity-subject = What it is about
activity-since = How far back
activity-older = Older
activity-none = Nothing happened here
activity-none-yet = Whatever is connected, changed or goes wrong from now on stands here.
activity-none-here = Nothing that happened is as the filter says. Look further back, or at everything.
since-ever = Everything
since-hour = The last hour
since-day = The last 24 hours
since-week = The last 7 days
since-month = The last 30 days
subject-connection = Connections
subject-inventory_source = Inventory sources
subject-ship_from_location = Ship-from locations
subject-orders = Orders
subject-orders-some = orders
subject-api_key = API keys
subject-webhook = Webhooks
subject-adapter = Adapters
subject-user = Users
actor-daemon = Bestand
actor-config_file = The config file
actor-command = A command
actor-api_key = The API key { $name }
event-connection_made = { $actor } made the connection { $subject }.
event-connection_changed = { $actor } changed the connection { $subject }.
event-connection_removed = { $actor } removed the connection { $subject } with its sources and levels.
event-connection_paused = { $actor } paused the connection { $subject }.
event-connection_resumed = { $actor } let the connection { $subject } go on.
event-connection_degraded = The connection { $subject } is degraded; it is tried again.
event-connection_needs_attention = The connection { $subject } needs attention.
event-connection_recovered = The connection { $subject } works again.
event-first_sync_done = The first sync of { $subject } is complete.
event-sync_failed = A sync of { $subject } was broken off.
event-source_changed = { $actor } changed the settings of the inventory source { $subject }.
event-source_linked = { $actor } linked the ship-from location { $subject } to an inventory source.
event-source_unlinked = { $actor } took the inventory source from the ship-from location { $subject }.
event-ship_from_made = { $actor } made the ship-from location { $subject }.
event-ship_from_changed = { $actor } changed the ship-from location { $subject }.
event-ship_from_removed = { $actor } removed the ship-from location { $subject }.
event-orders_imported = { $actor } imported { $subject }.
event-orders_moved = { $actor } moved { $subject } to another ship-from location.
event-api_key_made = { $actor } made the API key { $subject }.
event-api_key_regenerated = { $actor } gave the API key { $subject } a new secret.
event-api_key_revoked = { $actor } revoked the API key { $subject }.
event-webhook_made = { $actor } made the webhook { $subject }.
event-webhook_changed = { $actor } changed the webhook { $subject }.
event-webhook_removed = { $actor } removed the webhook { $subject } with what was still to be delivered.
event-webhook_rotated = { $actor } gave the webhook { $subject } a new secret.
event-webhook_gone = The receiver of the webhook { $subject } says that it is gone. Nothing is sent to it any more.
event-webhook_gave_up = A message could not be delivered to the webhook { $subject } for a day. It waits to be sent again.
event-webhook_missed = The webhook { $subject } was behind for so long that it missed events.
event-adapter_crashed = The process of the adapter { $subject } ended unexpectedly.
event-adapter_quarantined = The adapter { $subject } is quarantined: its process ended too often.
event-adapter_released = { $actor } released the adapter { $subject } from quarantine.
event-adapter_upgraded = The adapter { $subject } has a newer version.
event-adapter_rolled_back = The adapter { $subject } is back at an older version.
event-adapter_not_replaced = The adapter { $subject } goes on as it was: its new version does not work.
event-user_signed_in = { $subject } signed in.
event-user_refused = { $subject } was refused at signing in.
event-user_signed_out = A session of { $subject } ended.
event-user_made = { $actor } made the user { $subject }.
event-user_role_changed = { $actor } gave the user { $subject } another role.
event-user_password_changed = { $actor } changed the password of { $subject }.
event-user_disabled = { $actor } disabled the user { $subject }.
event-user_enabled = { $actor } enabled the user { $subject } again.
event-user_removed = { $actor } removed the user { $subject }.
detail-created = New:
detail-replaced = Replaced:
detail-lines_taken = Lines taken:
detail-lines_refused = Lines refused:
detail-moved = Orders:
detail-ship_from_location_id = Ship-from location:
detail-source = Inventory source:
detail-included = In total:
detail-adapter = Adapter:
detail-levels = Stock levels:
detail-since = Failed since:
detail-from = From:
detail-to = To:
detail-times = Times:
detail-role = Role:
detail-grace_secs = Seconds in which the old secret still counts:
detail-address = Address:
refused-disabled = This user is disabled.

## Plugins
plugins-title = Plugins
plugins-lead = What runs here, how it is and what it may do; and what does not run, with the way out.
plugins-none = No plugins yet
plugins-none-how = “bestand plugin install” puts a package in place.
plugins-others = Not running
plugin-running = Running
plugin-restarting = Restarting
plugin-quarantined = Quarantined
plugin-disabled = Not enabled
plugin-refused = Refused
plugin-restarting-why = Its process ended and is started anew after a moment. Orders are answered from what is stored meanwhile.
plugin-quarantined-why = Its process ended five times within five minutes, so it is not started again. Look at how it ended, ask its publisher, then release it.
plugin-disabled-why = It is not enabled. Add “[[adapter]]” with “id = "{ $name }"” to the config file, then run “bestand reload”.
plugin-release = Release
plugin-release-who = An operator or an admin can release it.
plugin-version = Version
plugin-publisher = Publisher
plugin-signature = Signature
plugin-signed-by = by { $name }
plugin-generation = Generation
plugin-loose = Loose library
plugin-memory = Memory
plugin-restarts = Restarts
plugin-process = Process
plugin-here = In the daemon itself
plugin-bounds = Sandbox
plugin-confined = Complete
plugin-not-confined = Incomplete
plugin-calls = Calls since the start
plugin-errors = Of these failed
plugin-file = File
plugin-granted = What it may do
plugin-asks = What it asks for
plugin-capabilities = Capabilities
plugin-hosts = Hosts it may speak to
plugin-hosts-none = None
plugin-last-end = How its process ended last,
plugin-stderr = The last it wrote to stderr
plugin-stderr-none = It wrote nothing to stderr.
plugin-log = The last log records
plugin-log-none = It has logged nothing since it was started.
plugin-log-level = Level
plugin-log-message = Message
plugin-chart-calls = Calls per minute
plugin-chart-calls-summary = { $calls } in the last hour, { $errors } of them failed (red).
plugin-chart-per-minute = { $name } per minute
plugin-chart-times = How long calls took
plugin-chart-times-summary = Mostly { $usual } (bar), at most { $longest } (line); each step up is the same factor.
plugin-chart-memory = Memory
plugin-chart-memory-summary = { $last } now, { $most } at most.
plugin-chart-quiet = No calls in the last hour.
plugin-chart-from = An hour ago
plugin-chart-to = Now
level-error = Error
level-warn = Warning
level-info = Info
capability-stock_listing = List all stock
capability-stock_by_sku = Look up stock by SKU
capability-stock_changes = Report changes of stock
capability-inbound = Receive webhooks
capability-stock_writes = Change stock
capability-stock_pushes = Levels are pushed
capability-location_writes = Change locations
signature-trusted = Trusted
signature-unsigned = Unsigned
signature-unknown_key = Unknown key
signature-modified = Modified
signature-revoked = Key revoked
signature-expired = Key expired
signature-not_allowed = Not allowed
refusal-untrusted = Its signature is not trusted.
refusal-loose = It is a library that nobody has signed. Make a signed package of it and install that; or, to try things out, set “plugins.allow_unsigned = true”.
refusal-not-installed = It is a package that is not installed. “bestand plugin install” does that.
refusal-package = Its package cannot be used. Install it again.
refusal-pinned = It is not what was installed, or asks for more than was granted. “bestand plugin upgrade” with its package puts it right.
refusal-manifest = What it says of itself cannot be right. Ask its publisher.
refusal-duplicate = Another plugin already holds the same adapter. Remove one of them.
refusal-no-plugin = It is a library, but not a plugin. Move it out of the plugin directory.
refusal-other-contract = It was built for another version than this daemon can run. Ask its publisher for one that fits.
refusal-not-started = It does not start.
plugin-setback = Version { $name } was found, but does not work and is not put in place; the one before goes on.
plugin-setback-unknown = A new version was found, but does not work and is not put in place; the one before goes on.
signature-unsigned-why = “{ $name }” is not signed. Ask its publisher for a signed package, sign it yourself with “bestand plugin sign” or, to try things out, set “plugins.allow_unsigned = true”.
signature-unknown_key-why = “{ $name }” is signed with the key { $key }, which no publisher of the config file has. If you have the key from its publisher, “bestand plugin trust NAME KEY --allow { $name }” adds it.
signature-modified-why = “{ $name }” was changed after it was signed. Get the package from its publisher again.
signature-revoked-why = “{ $name }” is signed with the key { $key } of { $publisher }, which is revoked since { $since }. Ask them for a package signed with their new key.
signature-expired-why = “{ $name }” is signed with the key { $key } of { $publisher }, which expired on { $since }. Ask them for a package signed with a newer key, or set a later “expires” if they say that this one is still good.
signature-not_allowed-why = “{ $name }” is signed with the key { $key } of { $publisher }, who may not sign it. If they should, add it to “allow” of their “[[publisher]]”.

## Products
products-title = Products
products-lead = What can be sold of each article over all the sources that are included, and how sure that number is.
products-search = SKU begins with
products-search-invalid = At most 200 characters, none of them unprintable.
products-none = No products here
products-none-how = Every article that an inventory source has appears here by itself, once its first sync is complete.
products-none-found = No source has a SKU that begins with this, as it is written, in capitals or in small letters.
total-available = Total available
product-sum = Made of
product-made-of = { $count ->
    [one] { $shown } source
   *[other] { $shown } sources
}
product-made-of-none = No source: nobody counts it
product-not-known = Not known: { $name }
product-may-be-more = The total leaves out the sources that do not know how many they have: there may be more than this.
product-oldest = Oldest number in it
product-part = In the total
product-own = These are this installation’s own warehouses. Stock of other systems never touches the settings of their products.
share-counted = Counted
share-none = Has none
share-not_known = Not known
share-left_out = Left out
left-out-closed = The place is closed in its own system.
left-out-unsellable = What lies here is not for sale.
left-out-excluded = Its settings leave it out of the total.

## API keys
keys-title = API keys
keys-lead = What programs and partners sign in with. Each pair of key and secret is made once and used again wherever it is needed.
keys-none = No API key yet
keys-none-how = Make one below for each program or partner, so that each can be revoked on its own.
key = API key
key-missing = There is no such API key.
key-new = A new API key
key-make = Make the key
key-name = Name
key-name-hint = Whoever uses it, such as “Packing station 2” or “Acme Logistics”.
key-name-invalid = A name has 1 to 100 characters.
role = Role
key-role-reader = Reads counts and verdicts.
key-role-operator = Works with orders, connections and locations as well.
key-role-admin = Does everything, making keys included.
key-role-partner = Sends and reads the stock of one partner alone.
partner = Partner
key-partner-hint = For the role Partner: the name of the partner whose system sends levels with the key, as it will stand over its sources; or an adapter from the list, whose sources the key may read.
key-partner-invalid = The role Partner needs a partner of at most 100 characters, and no other role has one.
key-expires-on = Last day on which it works
key-expires-hint = Left empty, it works until it is revoked.
key-expiry-invalid = This is a day from today on.
key-usable = Works
key-expired = Expired
key-revoked = Revoked
key-revoked-what = This key is refused for good. Make a new one for whoever used it.
made = Made
last-used = Last used
expires = Expires
never = Never
key-public = API key (user name)
key-secret = API secret (password)
key-copy = Copy the key
key-secret-copy = Copy the secret
copied = Copied
key-issued = Key and secret
key-issued-once = Copy both now: the secret is shown this once and cannot be shown again.
key-reuse = Keep the pair and use it again: to enter it in another place, nothing new has to be made. Only a secret that was lost or given away needs a new one.
key-how = A program signs in by HTTP Basic, with the key as user name and the secret as password.
key-done = I have copied both
key-renew = Make a new secret
key-renew-used = “{ $name }” has been in use since { $since } and was last used { $used }.
key-renew-unused = “{ $name }” was made on { $since } and has not been used yet.
key-renew-what = Whoever uses it has to be given the new secret before the old one ends, or is shut out then.
key-renew-previous = An earlier secret of this key still works until { $name }. Making a new one ends that one at once.
key-renew-ask = Make a new secret for { $name }? Whoever uses the key will need it.
key-grace = The old secret keeps working
key-grace-none = Not at all: it ends at once
key-grace-hour = For an hour, until { $name }
key-grace-day = For a day, until { $name }
key-grace-week = For a week, until { $name }
key-grace-month = For 30 days, until { $name }
key-old-until = The old secret works until { $name }.
key-old-ended = The old secret no longer works.
key-revoke = Revoke this key
key-revoke-what = It is refused at once and for good, with an old secret as well. It stays in the list.
key-revoke-ask = Revoke { $name }? Whatever signs in with it is shut out at once, and it cannot be undone.

## Webhooks
webhook-url-malformed = This is no address that begins with “https://” and names a host.
webhook-url-too-long = An address has at most 2,000 characters.
webhook-url-credentials = An address here holds no user name and no password: the signature says who sends.
webhook-url-plain = It must begin with “https://”, unless “webhooks.allow_private_network” is set in the config file.
webhook-url-private = This is an address of the installation’s own network. It needs “webhooks.allow_private_network” in the config file.
webhook-no-source = One of these inventory sources does not exist.
webhook-too-many-named = At most 1,000 can be named. Leave it empty for all.

## Users
users-title = Users
users-lead = The people who sign in here, and what each may do. Programs sign in with API keys instead.
user-missing = There is no such user.
user-new = A new user
user-add = Add the user
user-active = May sign in
user-disabled = Disabled
user-me = You
user-is-me = This is you. Another admin can change your role, disable or remove you; your password and your sessions are on your own page:
user-role-change = What this user may do
user-role-reader = Looks at orders, stock and connections.
user-role-operator = Changes connections, sources and locations as well.
user-role-admin = Looks after users and API keys as well.
user-role-partner = A user is a reader, an operator or an admin; the role Partner is for API keys.
user-last-admin = This is the last admin who can sign in. Make somebody else an admin first.
user-too-many = An account has at most { $shown } users. Remove one first.
user-password-first = First password
user-password-hint = At least 12 characters. Hand it over in person; the user can change it after signing in.
user-password-set = Set a new password
user-password-set-what = At least 12 characters. All sessions of this user end, and the old password no longer works.
user-disable = Disable
user-disable-what = The user is signed out and cannot sign in until somebody enables them again.
user-disable-ask = Disable { $name }? All their sessions end at once.
user-enable = Enable
user-enable-what = The user may sign in again with the same password.
user-remove = Remove this user
user-remove-what = What they did stays in the activity under their name.
user-remove-ask = Remove { $name }? This cannot be undone.
