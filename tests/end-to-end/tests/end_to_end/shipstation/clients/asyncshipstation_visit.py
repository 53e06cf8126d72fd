"""A visit by AsyncShipStation (PyPI), pointed here by its own configuration. Prints what it was told, as JSON."""

import asyncio
import json
import os

from AsyncShipStation import (
    InventoryPortal,
    OrderPortal,
    ShipStationConnection,
    StorePortal,
    V1WarehousePortal,
)
from AsyncShipStation.common.base import ConnectionConfig

URL, KEY, SECRET = (os.environ[name] for name in ("BESTAND_URL", "BESTAND_KEY", "BESTAND_SECRET"))
BIN = os.environ["BESTAND_BIN"]
ADDRESS = {"name": "Anna", "street1": "Quay 1", "city": "Hamburg", "postalCode": "20457", "country": "DE"}


async def change(connection, kind, quantity):
    return await InventoryPortal.update(connection, kind, BIN, "MUG", quantity, cost=None)


async def visit(connection):
    warehouse = await V1WarehousePortal.create(connection, ADDRESS, warehouseName="Second")
    number = warehouse[1]["warehouseId"]
    return {
        "warehouses": await InventoryPortal.list_warehouses(connection),
        "increment": await change(connection, "increment", 5),
        "too many": await change(connection, "decrement", 6),
        "adjust": await change(connection, "adjust", 9),
        "levels": await InventoryPortal.where(connection, sku="MUG,CUP", group_by="location"),
        "made": warehouse,
        "read": await V1WarehousePortal.get_by_id(connection, number),
        "named": await V1WarehousePortal.get_by_name(connection, "Second"),
        "order": await OrderPortal.create_order(
            connection,
            orderNumber="1001",
            orderKey="web-1001",
            orderStatus="awaiting_shipment",
            billTo=ADDRESS,
            shipTo=ADDRESS,
            orderDate="2026-11-20T08:46:27.0000000",
            items=[{"lineItemKey": "1", "sku": "MUG", "name": "A mug", "quantity": 9, "unitPrice": 2.5}],
        ),
        "orders": await OrderPortal.where(connection, orderNumber="1001", sortBy="ModifyDate", pageSize=5),
        "stores": await StorePortal.all(connection),
        "deleted": await V1WarehousePortal.delete_by_id(connection, number),
        "gone": await V1WarehousePortal.where(connection),
    }


async def main():
    config = ConnectionConfig(version="both", v1_endpoint=URL, v2_endpoint=f"{URL}/v2")
    connection = ShipStationConnection(v2_key=f"{KEY}:{SECRET}", v1_key=KEY, v1_secret=SECRET, config=config)
    await connection.start("both")
    try:
        print(json.dumps(await visit(connection)))
    finally:
        await connection.close("both")


asyncio.run(main())
