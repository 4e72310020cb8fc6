"""The one store: connection, managed local server, labels, migrations, repositories, history."""
