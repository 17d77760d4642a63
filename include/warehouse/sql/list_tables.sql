-- list_tables: tables and views of the current database.
-- grain    one row per table or view
-- reads    the catalog of DuckDB
-- gives    schema, name and kind
-- why      comments on tables and on views need different statements
select
    tables.table_schema as schema_name,
    tables.table_name,
    case when tables.table_type = 'VIEW' then 'view' else 'table' end as kind
from information_schema.tables as tables
where tables.table_catalog = current_database()
