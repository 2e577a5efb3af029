"""Somebody at the broker who may do everything: looks into queues, takes messages out, puts its own in, deletes queues."""

import contextlib

import pika


class Tap:
    def __init__(self, broker, vhost):
        user, password = broker.told["user"]
        broker.eval(f'rabbit_auth_backend_internal:set_permissions(<<"{user}">>, <<"{vhost}">>, <<".*">>, <<".*">>, <<".*">>, '
                    '<<"tap">>).')
        self.where = pika.ConnectionParameters("127.0.0.1", broker.port, vhost, pika.PlainCredentials(user, password),
                                               heartbeat=0, blocked_connection_timeout=20, socket_timeout=20)

    @contextlib.contextmanager
    def channel(self):
        connection = pika.BlockingConnection(self.where)
        try:
            yield connection.channel()
        finally:
            with contextlib.suppress(pika.exceptions.AMQPError):
                connection.close()

    def put(self, queue, *bodies):
        with self.channel() as channel:
            channel.confirm_delivery()
            for body in bodies:
                channel.basic_publish("", queue, body, pika.BasicProperties(delivery_mode=2), mandatory=True)

    def take(self, queue, most=1000):
        """What is ready in it, out of it."""
        bodies = []
        with self.channel() as channel:
            while len(bodies) < most:
                method, _, body = channel.basic_get(queue)
                if method is None:
                    break
                channel.basic_ack(method.delivery_tag)
                bodies.append(body)
        return bodies

    def ready(self, queue):
        """How many messages wait in it; none where there is no queue."""
        with self.channel() as channel, contextlib.suppress(pika.exceptions.ChannelClosedByBroker):
            return channel.queue_declare(queue, passive=True).method.message_count
        return 0

    def delete(self, *queues):
        with self.channel() as channel:
            for queue in queues:
                channel.queue_delete(queue)
