"""The GraphQL contract: types, inputs, enums and scalars. No I/O."""
