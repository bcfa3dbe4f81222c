-- Nothing needs the sums of buckets beside the components any more.
DROP TABLE bucket_net
