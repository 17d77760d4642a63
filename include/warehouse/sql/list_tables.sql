-- list_tables: what stands in the database in use, and whether it is a table or a view.
-- grain    one row a table or view
-- reads    the catalog of DuckDB
-- gives    schema, name and kind
-- why      comments are set on tables and views by different statements
select
    tables.table_schema as schema_name,
    tables.table_name,
    case when tables.table_type = 'VIEW' then 'view' else 'table' end as kind
from information_schema.tables as tables
where tables.table_catalog = current_database()
