"""A visit by shipstation (PyPI), pointed here by its `url`. It sends every number as a text. Prints what it was told."""

import contextlib
import io
import json
import os
from decimal import Decimal

from shipstation.api import (
    ShipStation,
    ShipStationAddress,
    ShipStationItem,
    ShipStationOrder,
    ShipStationWeight,
)

client = ShipStation(key=os.environ["BESTAND_KEY"], secret=os.environ["BESTAND_SECRET"], debug=True)
client.url = os.environ["BESTAND_URL"]

order = ShipStationOrder(order_key="web-2001", order_number="2001")
order.set_customer_details(username="anna", email="anna@example.com")
order.set_status("awaiting_shipment")
address = ShipStationAddress(name="Anna", street1="Quay 1", city="Hamburg", postal_code="20457", country="DE")
order.set_shipping_address(address)
order.set_billing_address(address)
item = ShipStationItem(sku="MUG", name="A mug", quantity=2, unit_price=Decimal("2.50"))
item.set_weight(ShipStationWeight(units="ounces", value=12))
order.add_item(item)
client.add_order(order)

told = io.StringIO()
with contextlib.redirect_stdout(told):
    client.submit_orders()
    client.fetch_orders(parameters={"order_status": "awaiting_shipment", "page": "1", "page_size": "5"})
print(json.dumps({"told": told.getvalue()}))
