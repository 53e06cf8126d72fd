// A visit by shipstation-node (npm), pointed here by its option for whole addresses. Prints what it was told, as JSON.

const ShipStation = require('shipstation-node').default;
const { RequestMethod } = require('shipstation-node');

const { BESTAND_URL, BESTAND_KEY, BESTAND_SECRET } = process.env;
const client = new ShipStation({ apiKey: BESTAND_KEY, apiSecret: BESTAND_SECRET, partnerKey: 'a-partner' });

const ask = async (method, path, data) => {
  const url = `${BESTAND_URL}/${path}`;
  const { status, data: told, headers } = await client.request({ url, method, data, useBaseUrl: false });
  return { status, told, left: headers['x-rate-limit-remaining'] };
};

const visit = async () => {
  const order = { orderNumber: '3001', orderKey: 'web-3001', orderStatus: 'awaiting_shipment', items: [{ sku: 'MUG', quantity: 1 }] };
  const made = await ask(RequestMethod.POST, 'orders/createorder', order);
  const several = await ask(RequestMethod.POST, 'orders/createorders', [order, { orderNumber: '' }]);
  const orders = await ask(RequestMethod.GET, 'Orders/List?orderNumber=3001');
  const warehouses = await ask(RequestMethod.GET, 'warehouses');
  const deleted = await ask(RequestMethod.DELETE, `orders/${made.told.orderId}`);
  return { made, several, orders, warehouses, deleted };
};

visit().then((told) => console.log(JSON.stringify(told)), (error) => { console.error(error); process.exit(1); });
