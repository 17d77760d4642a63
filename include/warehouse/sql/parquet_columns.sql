-- parquet_columns: the columns of Parquet files, for files that have the same ones.
-- grain    one row per list of columns
-- reads    the footers of the files
-- takes    $files: paths
-- gives    names and numbers of parts, outer before inner, and the files that have them
-- why      a view over files with different columns opens each of them for every query
with footer as (
    select
        part.file_name,
        list({'name': part.name, 'parts': coalesce(part.num_children, 0)} order by part.column_id)
            as columns
    from parquet_schema($files) as part
    group by part.file_name
)
select
    footer.columns,
    list(footer.file_name order by footer.file_name) as files
from footer
group by footer.columns
order by min(footer.file_name)
