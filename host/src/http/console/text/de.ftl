# Was die Konsole auf Deutsch sagt.

## Der Rahmen
skip = Zum Inhalt springen
menu = Menü
menu-orders = Bestellungen
menu-products = Produkte
menu-locations = Absenderorte
menu-sources = Bestandsquellen
menu-connections = Verbindungen
menu-status = Status
menu-activity = Verlauf
menu-plugins = Plugins
menu-keys = API-Schlüssel
menu-users = Benutzer
language = Sprache
theme-system = Wie das System
theme-light = Hell
theme-dark = Dunkel
unsigned-banner = Hier laufen Adapter ohne Signatur, nur zur Entwicklung: { $name }
actions = Aktionen
any = Alle
yes = Ja
no = Nein
save = Speichern
search = Suchen
close = Schließen
filter = Filter
filter-apply = Suchen
filter-clear = Filter aufheben
next-page = Nächste Seite
next-step = Was zu tun ist:
when = Wann
before = Vorher
after = Nachher
cause = Ursache

## Zeitpunkte
when-now = gerade eben
when-soon = gleich
when-ago-seconds = { $count ->
    [one] vor { $shown } Sekunde
   *[other] vor { $shown } Sekunden
}
when-ago-minutes = { $count ->
    [one] vor { $shown } Minute
   *[other] vor { $shown } Minuten
}
when-ago-hours = { $count ->
    [one] vor { $shown } Stunde
   *[other] vor { $shown } Stunden
}
when-ago-days = { $count ->
    [one] vor { $shown } Tag
   *[other] vor { $shown } Tagen
}
when-in-seconds = { $count ->
    [one] in { $shown } Sekunde
   *[other] in { $shown } Sekunden
}
when-in-minutes = { $count ->
    [one] in { $shown } Minute
   *[other] in { $shown } Minuten
}
when-in-hours = { $count ->
    [one] in { $shown } Stunde
   *[other] in { $shown } Stunden
}
when-in-days = { $count ->
    [one] in { $shown } Tag
   *[other] in { $shown } Tagen
}

## Personen
role-reader = Leser
role-operator = Bediener
role-admin = Administrator
role-partner = Partner
user-name = Benutzername
user-name-invalid = Ein Name hat 1 bis 100 Zeichen.
user-name-unseen = Ein Name hat keine unsichtbaren Zeichen: Zwei Namen dürfen nicht gleich aussehen.
user-name-taken = Es gibt schon einen Benutzer dieses Namens; wählen Sie einen anderen.
password = Passwort
password-hint = Mindestens 12 Zeichen; gut sind ein paar Wörter, die nur für Sie zusammengehören.
password-too-short = Mindestens 12 Zeichen; gut sind ein paar Wörter, die nur Sie zusammenstellen.
password-too-long = Höchstens 1.000 Zeichen.
password-is-name = Das Passwort darf nicht der Benutzername sein: Den kann jeder auf der Seite lesen.
password-common = Dieses Passwort gehört zu denen, die zuerst probiert werden; wählen Sie eines, auf das niemand sonst käme.
password-wrong = Das Passwort ist falsch.
password-change = Passwort ändern
password-changed = Das Passwort ist geändert. Ihre anderen Sitzungen sind beendet.
password-old = Bisheriges Passwort
password-new = Neues Passwort
sign-in = Anmelden
sign-in-title = Anmelden
sign-in-wrong = Der Name oder das Passwort ist falsch.
sign-in-disabled = Dieser Benutzer ist gesperrt; fragen Sie einen Administrator.
sign-in-nobody = Noch kann sich niemand anmelden. Der Dienst hat beim Start einen Link ausgegeben: Öffnen Sie ihn, um den ersten Administrator anzulegen. „bestand user link“ macht einen neuen.
sign-in-throttled = { $count ->
    [one] Zu viele Versuche. Versuchen Sie es in { $shown } Sekunde noch einmal.
   *[other] Zu viele Versuche. Versuchen Sie es in { $shown } Sekunden noch einmal.
}
sign-out = Abmelden
set-up-title = Willkommen bei Bestand
set-up-lead = Legen Sie den ersten Administrator an. Dazu gehören ein Name und ein Passwort; dieser Link gilt einmal.
set-up-submit = Administrator anlegen und beginnen
set-up-void-title = Dieser Link ist verbraucht oder zu alt
set-up-link-gone = Dieser Link gilt nicht mehr. „bestand user link“ macht einen neuen, solange es keinen Benutzer gibt.
me-title = Mein Konto
sessions-title = Wo Sie angemeldet sind
session-browser = Browser
session-browser-on = { $browser } unter { $system }
session-browser-unknown = Unbekannter Browser
session-address = Adresse
session-began = Angemeldet
session-seen = Zuletzt gesehen
session-this = Diese
session-end = Beenden

## Was schiefging
problem-not-found = Das gibt es hier nicht
problem-forbidden = Das ist nicht für Sie
problem-changed = Jemand war schneller
problem-input = Das geht so nicht
problem-ours = Bei uns ist etwas schiefgegangen
problem-back = Zu den Bestellungen
problem-request = Das Protokoll sagt unter { $name } mehr.
problem-role = Dafür braucht es die Rolle { $needed }; Sie haben die Rolle { $has }.
problem-other-site = Das hat eine andere Website Ihren Browser senden lassen, darum ist nichts geschehen. War es gewollt, tun Sie es hier.

## Bestellungen
orders-title = Bestellungen
orders-lead = Ob der Bestand für jede Bestellung da ist, allein aus der Quelle ihres Absenderorts.
orders-search = Bestellnummer oder SKU
orders-can-ship-now = Jetzt versendbar
orders-none = Hier sind keine Bestellungen
orders-none-here = In diesem Teil der Liste ist nicht dabei, was Sie suchen; auf der nächsten Seite geht es weiter.
orders-none-why = Keine Bestellung ist so, wie der Filter sagt. Bestellungen kommen über die API, mit „bestand import orders“ oder aus der Verbindung Ihres Shops.
order-title = Bestellung { $name }
order-missing = Es gibt keine Bestellung { $name }.
order-open = Bestellung öffnen
order-number = Bestellung
order-status = Status
order-awaiting_shipment = Zu versenden
order-on_hold = Zurückgehalten
order-shipped = Versendet
order-cancelled = Storniert
order-all = Jeder Status
sequence = Reihenfolge
oldest-first = Älteste zuerst
newest-first = Neueste zuerst
verdict = Ergebnis
verdict-can_ship = Versendbar
verdict-short = Zu wenig
verdict-unknown = Unbekannt
consequence-warn = Achtung
consequence-block = Darf nicht versendet werden
ship-from = Absenderort
source = Bestandsquelle
no-source = Keine Quelle verknüpft
as-of = Stand
stale = Veraltet
lines = Positionen
lines-title = Was darauf steht
placed = Bestellt
panel = Die Bestellung, die betrachtet wird
select-all = Alle auswählen
select-order = Bestellung { $name } auswählen
selected = ausgewählt
move-to = Versenden ab
move = Ändern
article = Artikel
required = Benötigt
stock = Bestand
available = Verfügbar
on-hand = Vorrätig
allocated = Zugewiesen
incoming = Im Zulauf
elsewhere-title = Was andere Absenderorte könnten
elsewhere-can = Diese Bestellung kann ab { $name } versendet werden.
first-title = Drei Schritte bis zur ersten Antwort
first-connect = Ein System verbinden, das Bestand führt
first-connect-how = Seine Lager erscheinen dann als Bestandsquellen, jede unter ihrer Überschrift.
first-link = Einen Absenderort mit seiner Quelle verknüpfen
first-link-how = Allein der Absenderort der Bestellung entscheidet, welche Quelle gefragt wird.
first-order = Eine Bestellung ansehen
first-order-how = Senden Sie eine über die API, oder lesen Sie eine Datei mit „bestand import orders“ ein.
first-order-link = Wie die API Bestellungen annimmt

## Antworten zu einer Position
line-in_stock = Da
line-short = Zu wenig
line-out_of_stock = Nicht da
line-unknown_sku = Unbekannte SKU
line-not_tracked = Nicht geführt
line-unavailable = Keine Zahl
line-unreadable = Diese Position war nicht zu lesen.
not-goods-no-sku = Kein Artikel
not-goods-returned = Rückgabe
not-goods-no-quantity = Keine bestellt
not-goods-adjustment = Anpassung
not-goods-charge = Porto, Rabatt oder Gebühr
cause-too-few = { $needed } benötigt, { $available } verfügbar.
cause-none-left = { $needed } benötigt, keine verfügbar.
cause-oversold = { $needed } benötigt, keine verfügbar: Die Quelle hat { $missing } mehr versprochen, als sie hat.
cause-held-back = { $needed } benötigt, keine verfügbar: { $kept } sind als Puffer zurückbehalten.
cause-not-stocked = Die Quelle hat den Artikel, führt ihn aber nicht an diesem Ort.
cause-not-listed = Die Quelle hat diese SKU nicht.
cause-not-tracked = Die Quelle führt keinen Bestand dieses Artikels.
cause-ambiguous = Mehrere Artikel der Quelle tragen diese SKU.
cause-not-counted = Die Quelle nennt den Artikel ohne eine Zahl.
cause-not-retrieved = Die Zahl konnte nicht abgerufen werden.
advice-not-listed = Prüfen Sie die SKU auf der Bestellung, und ob es den Artikel unter ihr in der Bestandsquelle gibt.
advice-not-tracked = Schalten Sie die Bestandsführung des Artikels in der Bestandsquelle ein, oder sehen Sie im Regal nach.
advice-ambiguous = Geben Sie in der Bestandsquelle jedem Artikel seine eigene SKU.
advice-not-counted = Tragen Sie in der Bestandsquelle eine Zahl für den Artikel ein.
advice-not-stocked = Führen Sie den Artikel an diesem Ort, oder versenden Sie ab einem Absenderort, der ihn hat.
trouble-no_ship_from_location = Die Bestellung nennt keinen Absenderort, und es gibt keinen Standard.
trouble-ship_from_location_gone = Den Absenderort, den die Bestellung nennt, gibt es nicht mehr.
trouble-no_inventory_source = Mit dem Absenderort { $name } ist keine Bestandsquelle verknüpft.
trouble-source_closed = Die Bestandsquelle { $name } gibt es in ihrem eigenen System nicht mehr.
trouble-not_listed_yet = Die Bestandsquelle { $name } ist noch nicht vollständig gelesen.
trouble-not_answered = Eine frische Zahl konnte nicht abgerufen werden.
trouble-store_unavailable = Die Datenbank von Bestand antwortet nicht.
trouble-advice-no_ship_from_location = Wählen Sie auf der Bestellung einen Absenderort, oder machen Sie einen zum Standard.
trouble-advice-ship_from_location_gone = Wählen Sie auf der Bestellung einen anderen Absenderort.
trouble-advice-no_inventory_source = Verknüpfen Sie { $name } mit einer Bestandsquelle.
trouble-advice-source_closed = Öffnen Sie { $name } in ihrem System wieder, oder verknüpfen Sie den Absenderort mit einer anderen Quelle.
trouble-advice-not_listed_yet = Warten Sie das Ende des ersten Abgleichs ab; sehen Sie sich die Verbindung an, wenn es ausbleibt.
trouble-advice-store_unavailable = Sehen Sie in das Protokoll des Dienstes.
trouble-ask = { $advice } { $contact } kann helfen.

## Warum eine Verbindung nicht arbeitet
failed-auth = { $name } nimmt die Zugangsdaten nicht an.
failed-config = { $name } kann mit der Einstellung „{ $field }“ nicht arbeiten.
failed-rate-limited = { $name } bittet um eine Pause: Es waren zu viele Anfragen.
failed-transient = { $name } ist gerade nicht zu erreichen.
failed-upstream = { $name } hat mit dem Fehler { $status } geantwortet.
failed-not-found = { $name } hat nicht gefunden, wonach gefragt war.
failed-unsupported = Der Adapter { $name } kann das nicht.
failed-protocol = Die Antwort von { $name } war nicht zu verstehen.
failed-bug = Der Adapter { $name } hat einen Fehler.
no-adapter-refused = Das Plugin mit dem Adapter „{ $name }“ wird abgelehnt.
no-adapter-not-enabled = Der Adapter „{ $name }“ ist nicht eingeschaltet. Ergänzen Sie in der Konfigurationsdatei „[[adapter]]“ mit „id = "{ $name }"“.
no-adapter-not-installed = Im Plugin-Verzeichnis enthält kein Plugin den Adapter „{ $name }“. Installieren Sie es dort.
reason-misfit = Einstellungen oder Zugangsdaten passen nicht.
reason-quarantined = Der Adapter { $name } ist in Quarantäne: Sein Prozess endete zu oft.
reason-silent = { $name } hat seit mehr als { $minutes } Minuten keine Bestände gesendet.
reason-paused = Die Verbindung ist angehalten.
reason-stopped = Die Verbindung läuft nicht.
adapter-warns = Der Adapter weist darauf hin:
publisher-of-adapter = der Herausgeber des Adapters
do-enter-credentials = Prüfen Sie die Zugangsdaten im anderen System und tragen Sie sie dann in dieser Verbindung neu ein.
do-reload = Führen Sie „bestand reload“ aus, wenn das erledigt ist; sonst ist hier nichts zu tun.
do-correct = Berichtigen Sie „{ $name }“ in den Einstellungen dieser Verbindung.
do-report = Das ist ein Fehler des Adapters; melden Sie ihn. Wer helfen kann: { $name }.
do-ask-for-newer = Fragen Sie nach einer neueren Version des Adapters. Wer helfen kann: { $name }.
do-look-there = Prüfen Sie das Konto im anderen System. Ist dort alles in Ordnung, fragen Sie nach. Wer helfen kann: { $name }.
do-ask-partner = Fragen Sie { $name }, ob das System dort noch Bestände sendet und den API-Schlüssel benutzt, der dafür gemacht wurde.
do-release = Entlassen Sie den Adapter aus der Quarantäne, sobald sein Herausgeber ihn berichtigt hat, oder um es noch einmal zu versuchen.
do-resume = Setzen Sie sie unter „Verbindungen“ fort.
do-wait = Noch nichts; der nächste Versuch ist { $name }.
do-look-again = Sehen Sie gleich noch einmal nach.
do-wait-for-sync = Der nächste Abgleich bringt die Zahlen auf den neuesten Stand.
do-link-another = Verknüpfen Sie eine andere Bestandsquelle.
do-read-with-age = Was gespeichert ist, wird mit seinem Stand gezeigt.
unanswered-too-slow = Das andere System hat nicht innerhalb von { $shown } ms geantwortet.
unanswered-connecting = Die Verbindung wird gerade hergestellt.
unanswered-not-askable = Der Adapter kann einzelne SKUs nicht nachsehen.
unanswered-dropped = Die Frage ging verloren.
unanswered-source-gone = Die Bestandsquelle gibt es nicht mehr.
unanswered-article = { $name } konnte diesen Artikel nicht lesen.
source-closed-why = Ihr System hat diesen Ort geschlossen.
source-closed-do = Öffnen Sie ihn in seinem System wieder, oder verknüpfen Sie eine andere Quelle.
source-stopped-why = Ihre Verbindung läuft nicht.
source-stopped-do = Sehen Sie sich die Verbindung an; ihr Adapter ist vielleicht nicht eingeschaltet.
missing-no-adapter = Der Adapter „{ $name }“ läuft nicht.
missing-nothing-pushed = Noch hat kein Partner Bestände gesendet.
missing-nothing-pushed-do = Machen Sie einen API-Schlüssel mit der Rolle „Partner“ für ihn, und tragen Sie den im System des Partners ein. Seine Überschrift erscheint mit dem ersten Senden.
missing-not-connected = Über diesen Adapter ist nichts verbunden.
missing-not-connected-do = Legen Sie eine Verbindung mit den Zugangsdaten des anderen Systems an.
missing-connection = Die Verbindung „{ $name }“ arbeitet nicht.
missing-no-place = Sein System hat noch keinen Ort genannt, der Bestand führt.
missing-no-place-do = Warten Sie, bis die Verbindung bereit ist; prüfen Sie dann im anderen System, ob das Konto Orte sehen darf.

## Was an einem Feld nicht stimmt
fault-name-length = Ein Name hat 1 bis { $shown } Zeichen.
fault-interval = Das ist eine ganze Zahl von Minuten, von { $least } bis { $most }.
fault-broken-schema = Die Beschreibung, die der Adapter von seinen Einstellungen gibt, ist nicht zu gebrauchen; sagen Sie es seinem Herausgeber.
fault-made-by-push = Eine Verbindung dieses Adapters entsteht, wenn ein Partner das erste Mal sendet. Machen Sie stattdessen einen API-Schlüssel für den Partner.
fault-no-such-secret = Ein solches Geheimnis kennt der Adapter nicht.
fault-secret-empty = Das darf nicht leer sein.
fault-secret-to-repeat = Tragen Sie es noch einmal ein: „{ $name }“ sagt, wohin es gesendet wird.
fault-secret-unreadable = Dieses Geheimnis ist dort, wo es liegt, nicht zu lesen; tragen Sie es neu ein, oder berichtigen Sie die Konfigurationsdatei.
clash-taken = Den Namen „{ $name }“ gibt es schon; wählen Sie einen anderen.
clash-changed = Das hat inzwischen jemand anderes geändert. Öffnen Sie die Seite neu und machen Sie Ihre Änderung noch einmal.
problem-needs-admin = Die Verbindung darf das eigene Netz dieser Installation erreichen; deshalb darf nur ein Administrator „{ $name }“ ändern.
problem-kind-malformed = Die Anfrage war nicht zu lesen.
problem-kind-unauthenticated = Melden Sie sich zuerst an.
problem-kind-forbidden = Diese Anfrage ist hier nicht erlaubt. Wenn Sie von einer anderen Seite kommen, öffnen Sie die Seite selbst und versuchen Sie es noch einmal.
problem-kind-not-found = Das gibt es nicht, oder nicht mehr.
problem-kind-method-not-allowed = Das lässt sich unter dieser Adresse nicht tun.
problem-kind-body-too-slow = Was gesendet wurde, kam zu langsam an. Versuchen Sie es noch einmal.
problem-kind-conflict = Das verträgt sich nicht mit dem, was schon da ist.
problem-kind-changed = Das hat inzwischen jemand anderes geändert. Öffnen Sie die Seite neu.
problem-kind-too-large = Was gesendet wurde, ist zu lang.
problem-kind-unsupported-media-type = Was gesendet wurde, ist von einer Art, die hier nicht angenommen wird.
problem-kind-invalid-field = Etwas von dem, was eingegeben wurde, kann nicht stimmen.
problem-kind-idempotency-key-reused = Das wurde schon mit anderem Inhalt gesendet.
problem-kind-if-match-required = Es ist nicht gesagt, auf welchem Stand das beruht. Öffnen Sie die Seite neu.
problem-kind-too-many-requests = Es waren zu viele Anfragen. Warten Sie einen Augenblick.
problem-kind-internal = Der Dienst hat versagt; sein Protokoll sagt mehr.
problem-kind-unavailable = Der Dienst kann gerade nicht antworten. Versuchen Sie es gleich noch einmal.
fault-too-long = Höchstens { $shown } Zeichen.
fault-negative = Das darf nicht unter null sein.
fault-other = Das kann so nicht stimmen.
setting-no-json = Das ist kein JSON.
move-too-many = Höchstens { $shown } Bestellungen lassen sich auf einmal ändern.
move-no-such-orders = Nicht mehr da: { $name }. Es wurde keine Bestellung geändert.
rule-required = Das wird gebraucht.
rule-not-there = Eine solche Einstellung hat der Adapter nicht: { $name }.
rule-type = Ein solcher Wert gehört hier nicht hin.
rule-form = Das hat nicht die verlangte Form.
rule-one-of = Das muss eines davon sein: { $name }.
rule-too-few = Das ist zu kurz: mindestens { $shown }.
rule-too-many = Das ist zu lang: höchstens { $shown }.
rule-too-small = Das ist zu klein; die Grenze ist { $name }.
rule-too-large = Das ist zu groß; die Grenze ist { $name }.
rule-twice = Ein Eintrag steht hier zweimal.
rule-other = Das nimmt der Adapter nicht an.

## Absenderorte
locations-title = Absenderorte
locations-lead = Von wo Bestellungen versendet werden. Jeder ist mit einer Bestandsquelle verknüpft; eine Quelle darf viele bedienen.
locations-none = Noch kein Absenderort
locations-none-how = Legen Sie unten einen an und verknüpfen Sie ihn mit dem Lager, dessen Bestand seine Bestellungen verlassen.
location-missing = Diesen Absenderort gibt es nicht.
location-new = Neuer Absenderort
location-make = Absenderort anlegen
location-name = Name
location-address = Anschrift in einer Zeile
location-source = Bestandsquelle
location-source-none = Keine: Seine Bestellungen bekommen dann keine Antwort
location-source-hint = Jede Quelle mit ihrem Zustand und ihrem letzten Stand.
location-default = Standard
location-default-make = Bestellungen ohne Absenderort werden von hier versendet
location-remove = Diesen Absenderort entfernen
location-remove-ask = Den Absenderort { $name } entfernen? Bestellungen, die von dort versendet werden, brauchen dann einen anderen.
location-remove-what = Bestellungen, die ihn nennen, bleiben und sagen, dass es ihn nicht mehr gibt. Die Quelle und ihr Bestand bleiben.
policy = Wenn Bestand fehlt oder unbekannt ist
policy-allow = Erlauben
policy-allow-hint = Es wird angezeigt, und die Bestellung wird trotzdem versendet.
policy-warn = Warnen
policy-warn-hint = Das Personal wird gewarnt und entscheidet.
policy-block = Sperren
policy-block-hint = Die Bestellung darf nicht versendet werden.
buffer = Puffer
buffer-hint = Sicherheitsbestand in Stück, der vom Verfügbaren abgezogen wird.
buffer-invalid = Das ist eine Zahl, etwa 5 oder 2,5.

## Bestandsquellen
sources-title = Bestandsquellen
sources-lead = Jeder Ort, der Bestand führt, unter der Überschrift des Systems, in dem er lebt.
sources-none = Noch keine Bestandsquelle
sources-none-how = Verbinden Sie ein System, das Bestand führt: Seine Orte erscheinen hier von selbst.
source-missing = Diese Bestandsquelle gibt es nicht.
source-ready = Bereit
source-listing = Erster Abgleich läuft
source-degraded = Gestört
source-needs_attention = Braucht Aufmerksamkeit
source-paused = Angehalten
source-closed = Geschlossen
source-stopped = Läuft nicht
source-included = In der Summe
source-levels = Bestände
source-listed = Letzte vollständige Liste
source-sellable = Darf verkauft werden
source-settings = Einstellungen dieser Quelle
source-include = Für Absenderorte anbieten und in das gesamt Verfügbare einrechnen
source-max-age = Veraltet nach Minuten
source-max-age-hint = Leer gilt, was für die ganze Installation gilt.
source-max-age-invalid = Das ist eine ganze Zahl von Minuten, von 1 bis 525.600.
health = Zustand
connection = Verbindung
heading-missing = Warum hier nichts steht:
heading-missing-summary = { $name } steht nicht in der Liste. Warum?
heading-checks = Prüfen Sie zuerst im anderen System:
heading-ask = Wen Sie fragen können:
levels-title = Lagerbestände
levels-search = SKU
levels-none = Hier ist kein Lagerbestand
levels-none-why = Von dieser Quelle ist noch nichts gespeichert, oder hinter dieser Stelle der Liste kommt nichts mehr.
history-title = Wie es dazu kam
history-none = Seit dem ersten Mal hat sich nichts geändert.
chart-summary = Verfügbar zwischen { $least } und { $most }, von { $from } bis { $to }.
cause-of-sync = Vollständige Liste
cause-of-change = Vom System gemeldete Änderung
cause-of-live = Für eine Bestellung gefragt
cause-of-push = Vom System gesendet
cause-of-write = Über Bestand geschrieben
cause-of-hint = Nach einem Hinweis nachgesehen

## Verbindungen
connection-connecting = Verbindet sich
connection-ready = Bereit
connection-syncing = Abgleich läuft
connection-degraded = Gestört
connection-needs_attention = Braucht Aufmerksamkeit
connection-paused = Angehalten

## Status
status-title = Status
status-lead = Bestellungen, die zu versenden sind, und ob jedes System antwortet.
status-well = Jede Verbindung arbeitet.
status-trouble = Nicht jede Verbindung arbeitet.

## Verbindungen im Ganzen
connections-title = Verbindungen
connections-lead = Konten bei den Systemen, die Bestand führen. Jedes bringt seine Orte als Bestandsquellen mit.
connections-none = Noch ist nichts verbunden
connections-none-how = Wählen Sie unten das System, das Ihren Bestand führt. Es braucht seine Adresse und die Zugangsdaten, die es Ihnen gegeben hat.
connect-title = Ein System verbinden
connect = { $name } verbinden
adapters-none = Kein Adapter läuft. Schalten Sie einen in der Konfigurationsdatei ein und laden Sie neu; „bestand plugin list“ sagt, warum die anderen nicht laufen.
connection-new = { $name } verbinden
connection-make = Verbinden
connection-missing = Diese Verbindung gibt es nicht.
connection-name = Name dieser Verbindung
connection-change = Einstellungen und Zugangsdaten
connection-interval = Minuten zwischen Abgleichen
connection-interval-hint = Leer gilt, was für die ganze Installation gilt.
connection-private = Sie darf Adressen des eigenen Netzes erreichen
connection-private-hint = Für ein System, das neben Bestand läuft. Nur ein Administrator darf das erlauben.
connection-progress = { $count ->
    [one] Bisher { $shown } Bestand
   *[other] Bisher { $shown } Bestände
}
connection-not-running = Die Verbindung läuft nicht; setzen Sie sie erst fort.
connection-remove = Diese Verbindung entfernen
connection-remove-ask = Die Verbindung { $name } mit ihren Quellen, Beständen und deren Verlauf entfernen?
connection-remove-what = Mit ihr gehen ihre Quellen, deren Bestände und deren Verlauf. Das lässt sich nicht rückgängig machen.
connection-remove-links = Absenderorte, die dann ohne Quelle sind
optional = (optional)
setting-lines = Eines je Zeile.
setting-pairs = Eines je Zeile, als Name = Wert.
setting-json = Als JSON.
secret-stays = Leer bleibt es, wie es ist.
last-sync = Letzter Abgleich
next-sync = Nächster
of-config = Aus der Konfigurationsdatei
of-config-how = Diese Verbindung steht in der Konfigurationsdatei. Ändern Sie sie dort und führen Sie „bestand reload“ aus.
bucket-left = Anfragen übrig ({ $name })
hook-path = Wohin ihr System Webhooks senden darf
hooks-waiting = Aufgehobene Webhooks
check = Verbindung testen
check-good = Es geht: { $name } hat geantwortet.
check-bad = Es geht nicht.
sync-now = Jetzt abgleichen
sync-full = Alles abgleichen
pause = Anhalten
resume = Fortsetzen

## Verlauf
activity-title = Verlauf
activity-lead = Was geschehen ist, das Neueste zuerst: was Menschen und Programme geändert haben und wie es Verbindungen und Adaptern ging.
activity-subject = Worum es geht
activity-since = Wie weit zurück
activity-older = Älteres
activity-none = Hier ist nichts geschehen
activity-none-yet = Was von jetzt an verbunden oder geändert wird oder schiefgeht, steht dann hier.
activity-none-here = Nichts, was geschehen ist, ist so, wie der Filter sagt. Sehen Sie weiter zurück, oder sehen Sie alles an.
since-ever = Alles
since-hour = Die letzte Stunde
since-day = Die letzten 24 Stunden
since-week = Die letzten 7 Tage
since-month = Die letzten 30 Tage
subject-connection = Verbindungen
subject-inventory_source = Bestandsquellen
subject-ship_from_location = Absenderorte
subject-orders = Bestellungen
subject-orders-some = Bestellungen
subject-api_key = API-Schlüssel
subject-webhook = Webhooks
subject-adapter = Adapter
subject-user = Benutzer
actor-daemon = Bestand
actor-config_file = Die Konfigurationsdatei
actor-command = Ein Befehl
actor-api_key = Der API-Schlüssel { $name }
event-connection_made = { $actor } hat die Verbindung { $subject } angelegt.
event-connection_changed = { $actor } hat die Verbindung { $subject } geändert.
event-connection_removed = { $actor } hat die Verbindung { $subject } mit ihren Quellen und Beständen entfernt.
event-connection_paused = { $actor } hat die Verbindung { $subject } angehalten.
event-connection_resumed = { $actor } hat die Verbindung { $subject } fortgesetzt.
event-connection_degraded = Die Verbindung { $subject } ist gestört; sie wird weiter versucht.
event-connection_needs_attention = Die Verbindung { $subject } braucht Aufmerksamkeit.
event-connection_recovered = Die Verbindung { $subject } arbeitet wieder.
event-first_sync_done = Der erste Abgleich von { $subject } ist vollständig.
event-sync_failed = Ein Abgleich von { $subject } wurde abgebrochen.
event-source_changed = { $actor } hat die Einstellungen der Bestandsquelle { $subject } geändert.
event-source_linked = { $actor } hat den Absenderort { $subject } mit einer Bestandsquelle verknüpft.
event-source_unlinked = { $actor } hat dem Absenderort { $subject } seine Bestandsquelle genommen.
event-ship_from_made = { $actor } hat den Absenderort { $subject } angelegt.
event-ship_from_changed = { $actor } hat den Absenderort { $subject } geändert.
event-ship_from_removed = { $actor } hat den Absenderort { $subject } entfernt.
event-orders_imported = { $actor } hat { $subject } eingelesen.
event-orders_moved = { $actor } hat { $subject } an einen anderen Absenderort gegeben.
event-api_key_made = { $actor } hat den API-Schlüssel { $subject } angelegt.
event-api_key_regenerated = { $actor } hat dem API-Schlüssel { $subject } ein neues Geheimnis gegeben.
event-api_key_revoked = { $actor } hat den API-Schlüssel { $subject } widerrufen.
event-webhook_made = { $actor } hat den Webhook { $subject } angelegt.
event-webhook_changed = { $actor } hat den Webhook { $subject } geändert.
event-webhook_removed = { $actor } hat den Webhook { $subject } entfernt, mit allem, was noch zuzustellen war.
event-webhook_rotated = { $actor } hat dem Webhook { $subject } ein neues Geheimnis gegeben.
event-webhook_gone = Der Empfänger des Webhooks { $subject } sagt, dass es ihn nicht mehr gibt. Es wird nichts mehr an ihn gesendet.
event-webhook_gave_up = Eine Nachricht ließ sich dem Webhook { $subject } einen Tag lang nicht zustellen. Sie wartet darauf, noch einmal gesendet zu werden.
event-webhook_missed = Der Webhook { $subject } lag so lange zurück, dass ihm Ereignisse entgangen sind.
event-adapter_crashed = Der Prozess des Adapters { $subject } endete unerwartet.
event-adapter_quarantined = Der Adapter { $subject } ist in Quarantäne: Sein Prozess endete zu oft.
event-adapter_released = { $actor } hat den Adapter { $subject } aus der Quarantäne entlassen.
event-adapter_upgraded = Der Adapter { $subject } hat eine neuere Version.
event-adapter_rolled_back = Der Adapter { $subject } hat wieder eine ältere Version.
event-adapter_not_replaced = Der Adapter { $subject } läuft weiter wie bisher: Seine neue Version arbeitet nicht.
event-user_signed_in = { $subject } hat sich angemeldet.
event-user_refused = { $subject } wurde bei der Anmeldung abgewiesen.
event-user_signed_out = Eine Sitzung von { $subject } endete.
event-user_made = { $actor } hat den Benutzer { $subject } angelegt.
event-user_role_changed = { $actor } hat dem Benutzer { $subject } eine andere Rolle gegeben.
event-user_password_changed = { $actor } hat das Passwort von { $subject } geändert.
event-user_disabled = { $actor } hat den Benutzer { $subject } gesperrt.
event-user_enabled = { $actor } hat den Benutzer { $subject } wieder zugelassen.
event-user_removed = { $actor } hat den Benutzer { $subject } entfernt.
detail-created = Neu:
detail-replaced = Ersetzt:
detail-lines_taken = Zeilen übernommen:
detail-lines_refused = Zeilen abgelehnt:
detail-moved = Bestellungen:
detail-ship_from_location_id = Absenderort:
detail-source = Bestandsquelle:
detail-included = In der Summe:
detail-adapter = Adapter:
detail-levels = Lagerbestände:
detail-since = Gestört seit:
detail-from = Von:
detail-to = Auf:
detail-times = Male:
detail-role = Rolle:
detail-grace_secs = Sekunden, in denen das alte Geheimnis noch gilt:
detail-address = Adresse:
refused-disabled = Dieser Benutzer ist gesperrt.

## Plugins
plugins-title = Plugins
plugins-lead = Was hier läuft, wie es ihm geht und was es darf; und was nicht läuft, mit dem Ausweg.
plugins-none = Noch keine Plugins
plugins-none-how = „bestand plugin install“ bringt ein Paket an seinen Platz.
plugins-others = Läuft nicht
plugin-running = Läuft
plugin-restarting = Startet neu
plugin-quarantined = In Quarantäne
plugin-disabled = Nicht eingeschaltet
plugin-refused = Abgelehnt
plugin-restarting-why = Sein Prozess endete und wird gleich neu gestartet. Bestellungen werden so lange aus dem beantwortet, was gespeichert ist.
plugin-quarantined-why = Sein Prozess endete fünfmal in fünf Minuten, deshalb wird er nicht wieder gestartet. Sehen Sie, wie er endete, fragen Sie den Herausgeber, dann entlassen Sie das Plugin aus der Quarantäne.
plugin-disabled-why = Es ist nicht eingeschaltet. Ergänzen Sie in der Konfigurationsdatei „[[adapter]]“ mit „id = "{ $name }"“, dann rufen Sie „bestand reload“ auf.
plugin-release = Aus der Quarantäne entlassen
plugin-release-who = Ein Bediener oder ein Administrator kann es aus der Quarantäne entlassen.
plugin-version = Version
plugin-publisher = Herausgeber
plugin-signature = Signatur
plugin-signed-by = von { $name }
plugin-generation = Generation
plugin-loose = Einzelne Bibliothek
plugin-memory = Speicher
plugin-restarts = Neustarts
plugin-process = Prozess
plugin-here = Im Dienst selbst
plugin-bounds = Sandbox
plugin-confined = Vollständig
plugin-not-confined = Unvollständig
plugin-calls = Aufrufe seit dem Start
plugin-errors = Davon gescheitert
plugin-file = Datei
plugin-granted = Was es darf
plugin-asks = Worum es bittet
plugin-capabilities = Fähigkeiten
plugin-hosts = Hosts, mit denen es sprechen darf
plugin-hosts-none = Keine
plugin-last-end = Wie sein Prozess zuletzt endete,
plugin-stderr = Was es zuletzt auf stderr schrieb
plugin-stderr-none = Es schrieb nichts auf stderr.
plugin-log = Die letzten Einträge im Protokoll
plugin-log-none = Seit dem Start hat es nichts protokolliert.
plugin-log-level = Stufe
plugin-log-message = Meldung
plugin-chart-calls = Aufrufe je Minute
plugin-chart-calls-summary = { $calls } in der letzten Stunde, { $errors } davon gescheitert (rot).
plugin-chart-per-minute = { $name } je Minute
plugin-chart-times = Wie lange Aufrufe dauerten
plugin-chart-times-summary = Meist { $usual } (Balken), höchstens { $longest } (Linie); jeder Schritt nach oben ist derselbe Faktor.
plugin-chart-memory = Speicher
plugin-chart-memory-summary = Jetzt { $last }, höchstens { $most }.
plugin-chart-quiet = Keine Aufrufe in der letzten Stunde.
plugin-chart-from = Vor einer Stunde
plugin-chart-to = Jetzt
level-error = Fehler
level-warn = Warnung
level-info = Hinweis
capability-stock_listing = Den ganzen Bestand lesen
capability-stock_by_sku = Bestand einzelner SKUs lesen
capability-stock_changes = Änderungen des Bestands melden
capability-inbound = Webhooks empfangen
capability-stock_writes = Bestand ändern
capability-stock_pushes = Bestände werden gesendet
capability-location_writes = Orte ändern
signature-trusted = Vertraut
signature-unsigned = Ohne Signatur
signature-unknown_key = Unbekannter Schlüssel
signature-modified = Verändert
signature-revoked = Schlüssel widerrufen
signature-expired = Schlüssel abgelaufen
signature-not_allowed = Nicht erlaubt
refusal-untrusted = Seiner Signatur wird nicht vertraut.
refusal-loose = Es ist eine Bibliothek, die niemand signiert hat. Machen Sie ein signiertes Paket daraus und installieren Sie das; oder setzen Sie, um etwas auszuprobieren, „plugins.allow_unsigned = true“.
refusal-not-installed = Es ist ein Paket, das nicht installiert ist. „bestand plugin install“ erledigt das.
refusal-package = Sein Paket ist nicht zu gebrauchen. Installieren Sie es noch einmal.
refusal-pinned = Es ist nicht das, was installiert wurde, oder verlangt mehr, als ihm gewährt ist. „bestand plugin upgrade“ mit seinem Paket bringt es in Ordnung.
refusal-manifest = Was es über sich selbst sagt, kann nicht stimmen. Fragen Sie seinen Herausgeber.
refusal-duplicate = Ein anderes Plugin enthält schon denselben Adapter. Entfernen Sie eines von beiden.
refusal-no-plugin = Es ist eine Bibliothek, aber kein Plugin. Nehmen Sie sie aus dem Plugin-Verzeichnis.
refusal-other-contract = Es wurde für eine andere Version gebaut, als dieser Dienst ausführen kann. Bitten Sie seinen Herausgeber um eine passende.
refusal-not-started = Es startet nicht.
plugin-setback = Version { $name } wurde gefunden, arbeitet aber nicht und wird nicht eingesetzt; die vorige läuft weiter.
plugin-setback-unknown = Eine neue Version wurde gefunden, arbeitet aber nicht und wird nicht eingesetzt; die vorige läuft weiter.
signature-unsigned-why = „{ $name }“ ist nicht signiert. Bitten Sie den Herausgeber um ein signiertes Paket, signieren Sie es selbst mit „bestand plugin sign“, oder setzen Sie, um etwas auszuprobieren, „plugins.allow_unsigned = true“.
signature-unknown_key-why = „{ $name }“ ist mit dem Schlüssel { $key } signiert, den kein Herausgeber der Konfigurationsdatei hat. Wenn Sie den Schlüssel vom Herausgeber haben, ergänzt ihn „bestand plugin trust NAME KEY --allow { $name }“.
signature-modified-why = „{ $name }“ wurde nach dem Signieren verändert. Holen Sie das Paket noch einmal vom Herausgeber.
signature-revoked-why = „{ $name }“ ist mit dem Schlüssel { $key } von { $publisher } signiert, der seit { $since } widerrufen ist. Bitten Sie dort um ein Paket mit dem neuen Schlüssel.
signature-expired-why = „{ $name }“ ist mit dem Schlüssel { $key } von { $publisher } signiert, der am { $since } abgelaufen ist. Bitten Sie dort um ein Paket mit einem neueren Schlüssel, oder setzen Sie ein späteres „expires“, wenn dieser nach Auskunft des Herausgebers noch gut ist.
signature-not_allowed-why = „{ $name }“ ist mit dem Schlüssel { $key } von { $publisher } signiert, der es nicht signieren darf. Falls doch, ergänzen Sie es in „allow“ seines „[[publisher]]“.

## Produkte
products-title = Produkte
products-lead = Was von jedem Artikel über alle eingerechneten Quellen verkauft werden kann, und wie sicher diese Zahl ist.
products-search = SKU beginnt mit
products-search-invalid = Höchstens 200 Zeichen, keines davon nicht druckbar.
products-none = Hier sind keine Produkte
products-none-how = Jeder Artikel, den eine Bestandsquelle hat, erscheint hier von selbst, sobald ihr erster Abgleich vollständig ist.
products-none-found = Keine Quelle hat eine SKU, die so beginnt: wie geschrieben, in Groß- oder in Kleinbuchstaben.
total-available = Gesamt verfügbar
product-sum = Summe aus
product-made-of = { $count ->
    [one] { $shown } Quelle
   *[other] { $shown } Quellen
}
product-made-of-none = Keiner Quelle: Niemand zählt ihn
product-not-known = Nicht bekannt: { $name }
product-may-be-more = In der Summe fehlen die Quellen, die ihre Menge nicht kennen: Es kann mehr da sein.
product-oldest = Älteste Zahl darin
product-part = In der Summe
product-own = Das sind die eigenen Lager dieser Installation. Bestand anderer Systeme berührt die Einstellungen ihrer Produkte nie.
share-counted = Gezählt
share-none = Hat keinen
share-not_known = Nicht bekannt
share-left_out = Ausgelassen
left-out-closed = Der Ort ist in seinem eigenen System geschlossen.
left-out-unsellable = Was hier liegt, ist nicht zu verkaufen.
left-out-excluded = Ihre Einstellungen rechnen sie nicht in die Summe ein.

## API-Schlüssel
keys-title = API-Schlüssel
keys-lead = Womit sich Programme und Partner anmelden. Jedes Paar aus Schlüssel und Geheimnis wird einmal angelegt und überall wieder benutzt, wo es gebraucht wird.
keys-none = Noch kein API-Schlüssel
keys-none-how = Legen Sie unten für jedes Programm und jeden Partner einen an, damit sich jeder für sich widerrufen lässt.
key = API-Schlüssel
key-missing = Diesen API-Schlüssel gibt es nicht.
key-new = Neuer API-Schlüssel
key-make = Schlüssel anlegen
key-name = Name
key-name-hint = Wer ihn benutzt, etwa „Packplatz 2“ oder „Acme Logistik“.
key-name-invalid = Ein Name hat 1 bis 100 Zeichen.
role = Rolle
key-role-reader = Liest Bestände und Ergebnisse.
key-role-operator = Arbeitet außerdem mit Bestellungen, Verbindungen und Absenderorten.
key-role-admin = Darf alles, auch Schlüssel anlegen.
key-role-partner = Sendet und liest allein den Bestand eines Partners.
partner = Partner
key-partner-hint = Für die Rolle Partner: der Name des Partners, dessen System mit dem Schlüssel Bestände sendet, wie er über seinen Quellen stehen soll; oder ein Adapter aus der Liste, dessen Quellen der Schlüssel lesen darf.
key-partner-invalid = Die Rolle Partner braucht einen Partner mit höchstens 100 Zeichen, und keine andere Rolle hat einen.
key-expires-on = Letzter Tag, an dem er gilt
key-expires-hint = Leer gilt er, bis er widerrufen wird.
key-expiry-invalid = Das ist ein Tag ab heute.
key-usable = Gilt
key-expired = Abgelaufen
key-revoked = Widerrufen
key-revoked-what = Dieser Schlüssel wird endgültig abgewiesen. Legen Sie für den, der ihn benutzt hat, einen neuen an.
made = Angelegt
last-used = Zuletzt benutzt
expires = Läuft ab
never = Nie
key-public = API-Schlüssel (Benutzername)
key-secret = API-Geheimnis (Passwort)
key-copy = Schlüssel kopieren
key-secret-copy = Geheimnis kopieren
copied = Kopiert
key-issued = Schlüssel und Geheimnis
key-issued-once = Kopieren Sie jetzt beides: Das Geheimnis wird nur dieses eine Mal gezeigt und kann nicht noch einmal gezeigt werden.
key-reuse = Bewahren Sie das Paar auf und benutzen Sie es wieder: Um es anderswo einzutragen, muss nichts Neues angelegt werden. Ein neues Geheimnis braucht nur, wessen altes verloren oder in fremde Hände gekommen ist.
key-how = Ein Programm meldet sich mit HTTP Basic an, mit dem Schlüssel als Benutzername und dem Geheimnis als Passwort.
key-done = Ich habe beides kopiert
key-renew = Neues Geheimnis machen
key-renew-used = „{ $name }“ ist seit { $since } in Gebrauch und wurde zuletzt { $used } benutzt.
key-renew-unused = „{ $name }“ wurde am { $since } angelegt und noch nie benutzt.
key-renew-what = Wer ihn benutzt, muss das neue Geheimnis bekommen, bevor das alte endet, oder bleibt dann draußen.
key-renew-previous = Ein früheres Geheimnis dieses Schlüssels gilt noch bis { $name }. Ein neues beendet es sofort.
key-renew-ask = Ein neues Geheimnis für { $name } machen? Wer den Schlüssel benutzt, wird es brauchen.
key-grace = Das alte Geheimnis gilt weiter
key-grace-none = Gar nicht: Es endet sofort
key-grace-hour = Eine Stunde, bis { $name }
key-grace-day = Einen Tag, bis { $name }
key-grace-week = Eine Woche, bis { $name }
key-grace-month = 30 Tage, bis { $name }
key-old-until = Das alte Geheimnis gilt bis { $name }.
key-old-ended = Das alte Geheimnis gilt nicht mehr.
key-revoke = Diesen Schlüssel widerrufen
key-revoke-what = Er wird sofort und endgültig abgewiesen, auch mit einem alten Geheimnis. Er bleibt in der Liste.
key-revoke-ask = { $name } widerrufen? Was sich damit anmeldet, bleibt sofort draußen, und es lässt sich nicht rückgängig machen.

## Webhooks
webhook-url-malformed = Das ist keine Adresse, die mit „https://“ beginnt und einen Rechner nennt.
webhook-url-too-long = Eine Adresse hat höchstens 2.000 Zeichen.
webhook-url-credentials = Eine Adresse enthält hier weder Benutzernamen noch Passwort: Wer sendet, sagt die Signatur.
webhook-url-plain = Sie muss mit „https://“ beginnen, außer wenn in der Konfigurationsdatei „webhooks.allow_private_network“ gesetzt ist.
webhook-url-private = Das ist eine Adresse im eigenen Netz der Installation. Sie braucht „webhooks.allow_private_network“ in der Konfigurationsdatei.
webhook-no-source = Eine dieser Bestandsquellen gibt es nicht.
webhook-too-many-named = Höchstens 1.000 lassen sich nennen. Leer gelassen sind es alle.

## Benutzer
users-title = Benutzer
users-lead = Die Personen, die sich hier anmelden, und was jede darf. Programme melden sich stattdessen mit API-Schlüsseln an.
user-missing = Diesen Benutzer gibt es nicht.
user-new = Neuer Benutzer
user-add = Benutzer anlegen
user-active = Darf sich anmelden
user-disabled = Gesperrt
user-me = Sie
user-is-me = Das sind Sie. Ein anderer Administrator kann Ihre Rolle ändern, Sie sperren oder entfernen; Ihr Passwort und Ihre Sitzungen sind auf Ihrer eigenen Seite:
user-role-change = Was dieser Benutzer darf
user-role-reader = Sieht Bestellungen, Bestände und Verbindungen.
user-role-operator = Ändert außerdem Verbindungen, Quellen und Absenderorte.
user-role-admin = Verwaltet außerdem Benutzer und API-Schlüssel.
user-role-partner = Ein Benutzer ist Leser, Bediener oder Administrator; die Rolle Partner ist für API-Schlüssel.
user-last-admin = Das ist der letzte Administrator, der sich anmelden kann. Machen Sie zuerst jemand anderen zum Administrator.
user-too-many = Ein Konto hat höchstens { $shown } Benutzer. Entfernen Sie zuerst einen.
user-password-first = Erstes Passwort
user-password-hint = Mindestens 12 Zeichen. Übergeben Sie es persönlich; nach dem Anmelden kann es geändert werden.
user-password-set = Neues Passwort setzen
user-password-set-what = Mindestens 12 Zeichen. Alle Sitzungen dieses Benutzers enden, und das alte Passwort gilt nicht mehr.
user-disable = Sperren
user-disable-what = Der Benutzer wird abgemeldet und kann sich nicht anmelden, bis jemand ihn wieder zulässt.
user-disable-ask = { $name } sperren? Alle Sitzungen enden sofort.
user-enable = Zulassen
user-enable-what = Der Benutzer darf sich mit demselben Passwort wieder anmelden.
user-remove = Diesen Benutzer entfernen
user-remove-what = Was er getan hat, bleibt unter seinem Namen im Verlauf.
user-remove-ask = { $name } entfernen? Das lässt sich nicht rückgängig machen.
